/** What `paas wait` and `paas restart --wait` still miss. */
import { describe, expect, test } from 'vitest';
import { missing } from '../../src/cli/waiting.js';
import type { DynoJson, FormationJson } from '../../src/runtime/api/representations.js';

const formation = [
  { type: 'web', quantity: 1 },
  { type: 'worker', quantity: 0 },
] as FormationJson[];

const web = (more: Partial<DynoJson> = {}) =>
  ({
    name: 'web.1',
    type: 'web',
    state: 'up',
    stopping: false,
    outdated: false,
    release: { id: '', version: 2 },
    ...more,
  }) as DynoJson;

describe('ready', () => {
  test.each<[what: string, dynos: DynoJson[], lacking: string | undefined]>([
    ['is reached with as many up as are wanted', [web()], undefined],
    ['is not while it starts', [web({ state: 'starting' })], '0 / 1 up; web.1 is starting'],
    [
      'is not with the dyno of an older release',
      [web({ release: { id: '', version: 1 } })],
      '0 / 1 up; web.1 is up',
    ],
    [
      'is not with a dyno that is to be replaced, which preboot leaves up until the new one is',
      [web({ outdated: true }), web({ state: 'starting' })],
      '0 / 1 up; web.1 is being replaced, web.1 is starting',
    ],
    ['is reached while the old dyno leaves', [web({ stopping: true }), web()], undefined],
  ])('%s', (_, dynos, lacking) =>
    expect(missing('ready', undefined, formation, dynos, 2)).toBe(lacking),
  );
});

test('down is reached when none is up', () => {
  expect(missing('down', 'web', formation, [web()], 2)).toBe('still up: web.1');
  expect(missing('down', 'web', formation, [web({ stopping: true })], 2)).toBeUndefined();
});
