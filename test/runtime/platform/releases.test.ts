import { describe, expect, test } from 'vitest';
import type { Release } from '../../../src/runtime/model.js';
import {
  addRelease,
  configChanges,
  currentRelease,
  describeChange,
  findRelease,
  rollbackTarget,
  withStatus,
} from '../../../src/runtime/platform/releases.js';

const CONTENT = {
  description: 'Deploy',
  status: 'succeeded',
  slug: { kind: 'directory', directory: '/app' },
  processTypes: { web: 'a' },
  config: { A: '1' },
} as const;

const released = (...statuses: Release['status'][]) =>
  statuses.reduce<Release[]>((list, status) => addRelease(list, { ...CONTENT, status }, 1000), []);

describe('releases', () => {
  test('are numbered from 1 and never reuse a number', () => {
    expect(released('succeeded', 'failed', 'succeeded').map(({ version }) => version)).toEqual([
      1, 2, 3,
    ]);
  });

  test('keep the newest 500, with their numbers', () => {
    const many = released(...Array<Release['status']>(502).fill('succeeded'));
    expect(many).toHaveLength(500);
    expect(many[0]?.version).toBe(3);
    expect(many.at(-1)?.version).toBe(502);
  });

  test('the newest that succeeded is current', () => {
    expect(currentRelease(released('succeeded', 'succeeded', 'failed'))?.version).toBe(2);
    expect(currentRelease(released('failed'))).toBeUndefined();
    expect(currentRelease(withStatus(released('pending'), 1, 'succeeded'))?.version).toBe(1);
  });

  test('are found as v2, 2 or by id', () => {
    const releases = released('succeeded', 'succeeded');
    expect(findRelease(releases, 'v2').version).toBe(2);
    expect(findRelease(releases, '2').version).toBe(2);
    expect(findRelease(releases, releases[0]?.id ?? '').version).toBe(1);
    expect(() => findRelease(releases, 'v9')).toThrow(
      "Couldn't find the release v9. `paas releases` lists them.",
    );
  });
});

describe('a rollback', () => {
  test('goes to the release before the current one when none is named', () => {
    expect(rollbackTarget(released('succeeded', 'failed', 'succeeded')).version).toBe(1);
  });

  test('is refused where there is nothing to go back to', () => {
    expect(() => rollbackTarget(released('succeeded'))).toThrow(/no earlier release/);
  });

  test('to a release that failed is refused', () => {
    expect(() => rollbackTarget(released('succeeded', 'failed', 'succeeded'), 'v2')).toThrow(
      /v2 never ran/,
    );
  });
});

describe('what a change is called', () => {
  const before = { config: { A: '1', B: '2' }, processTypes: { web: 'a', worker: 'b' } };

  test.each<[what: string, after: typeof before | object, description: string | undefined]>([
    ['nothing changed', before, undefined],
    ['a value changed', { ...before, config: { A: '9', B: '2' } }, 'Set A config vars'],
    [
      'one set, one removed',
      { ...before, config: { B: '2', C: '3' } },
      'Set C and remove A config vars',
    ],
    ['only removed', { ...before, config: {} }, 'Remove A, B config vars'],
    [
      'a command changed',
      { ...before, processTypes: { web: 'x', worker: 'b' } },
      'Deploy 193d1419',
    ],
    [
      'the order changed',
      { ...before, processTypes: { worker: 'b', web: 'a' } },
      'Deploy 193d1419',
    ],
  ])('%s', (_, after, description) => {
    expect(describeChange(before, after as typeof before, '193d1419')).toBe(description);
  });

  test('names are listed in order, set and removed apart', () => {
    expect(configChanges({ A: '1', B: '2' }, { B: '3', C: '4' })).toEqual({
      set: ['B', 'C'],
      removed: ['A'],
    });
  });
});
