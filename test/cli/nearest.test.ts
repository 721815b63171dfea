import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest } from '../../src/cli/nearest.js';

describe('the nearest word', () => {
  const known = ['ps', 'scale', 'logs', 'config', 'config:set', 'config:unset', 'releases'];
  test.each([
    ['sacle', 'scale'],
    ['log', 'logs'],
    ['cofnig', 'config'],
    ['config:sett', 'config:set'],
    ['release', 'releases'],
  ])('of %s is %s', (word, expected) => expect(nearest(word, known)).toBe(expected));

  test('is none when nothing is near', () => {
    expect(nearest('kubernetes', known)).toBeUndefined();
    expect(nearest('', ['scale'])).toBeUndefined();
  });

  test('a distance is 0 only from a word to itself, and the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
        expect(distance(one, other)).toBe(distance(other, one));
        expect(distance(one, other) === 0).toBe(one === other);
        expect(distance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });
});
