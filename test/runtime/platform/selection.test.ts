import { describe, expect, test } from 'vitest';
import { type Selection, select } from '../../../src/runtime/platform/selection.js';

const size = 'Standard-1X';
const FORMATION = {
  web: { quantity: 3, size },
  worker: { quantity: 0, size },
  clock: { quantity: 1, size },
};

describe('a start runs', () => {
  test.each<[what: string, selection: Selection, quantities: number[]]>([
    ['the formation as it is', {}, [3, 0, 1]],
    ['only the types that were named', { only: ['web'] }, [3, 0, 0]],
    ['a type that was named although it was scaled to 0', { only: ['worker'] }, [0, 1, 0]],
    ['all but those excepted', { except: ['web'] }, [0, 0, 1]],
    ['what -m says, and nothing else', { formation: 'web=2' }, [2, 0, 0]],
    ['all=1 for the rest', { formation: 'web=2, all=1' }, [2, 1, 1]],
    ['-m within the named types', { formation: 'all=2', only: ['web', 'clock'] }, [2, 0, 2]],
  ])('%s', (_, selection, quantities) => {
    const selected = select(FORMATION, selection);
    expect(Object.values(selected).map(({ quantity }) => quantity)).toEqual(quantities);
  });

  test.each<[selection: Selection, sentence: RegExp]>([
    [
      { only: ['nope'] },
      /^Couldn't find the process type nope\. The Procfile has web, worker, clock\.$/,
    ],
    [{ except: ['nope'] }, /process type nope/],
    [{ formation: 'nope=1' }, /process type nope/],
    [
      { formation: 'web' },
      /^Can't read "web" in the formation\. Write it like -m web=2,worker=1,all=1\.$/,
    ],
    [{ formation: 'web=-1' }, /^Can't read "web=-1"/],
    [{ formation: 'web=999' }, /^Can't read "web=999"/],
    [{ formation: '' }, /^Can't read ""/],
    [{ formation: 'all=50' }, /^That makes 150 dynos; an app has at most 100\./],
  ])('%j is refused', (selection, sentence) => {
    expect(() => select(FORMATION, selection)).toThrow(sentence);
  });
});
