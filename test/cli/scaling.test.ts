import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/failure.js';
import { parseScale, parseSizes } from '../../src/cli/scaling.js';

describe('what scale takes', () => {
  test.each([
    ['web=3', { type: 'web', quantity: '3' }],
    ['web=0', { type: 'web', quantity: '0' }],
    ['worker+1', { type: 'worker', quantity: '+1' }],
    ['worker-1', { type: 'worker', quantity: '-1' }],
    ['my-type-2', { type: 'my-type', quantity: '-2' }],
    ['my_type=2:standard-2x', { type: 'my_type', quantity: '2', size: 'standard-2x' }],
  ])('%s', (word, update) => expect(parseScale([word])).toEqual([update]));

  test.each(['web', 'web=', '=3', 'web=x', 'web=1.5', 'web=3:', 'web 3', '', 'web=3 worker=2'])(
    '"%s" is refused with how to write it',
    (word) => expect(() => parseScale([word])).toThrow(/Can't read/),
  );

  test('a negative number is refused with what was meant', () => {
    expect(() => parseScale(['web=-1'])).toThrow("Can't scale to a negative number");
  });

  test('any text is either understood or a usage error', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        try {
          expect(parseScale([word])[0]?.quantity).toMatch(/^[+-]?\d+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });

  test('one size is for all types, pairs are for one', () => {
    expect(parseSizes(['basic'], ['web', 'worker'])).toEqual([
      { type: 'web', size: 'basic' },
      { type: 'worker', size: 'basic' },
    ]);
    expect(parseSizes(['web=eco'], [])).toEqual([{ type: 'web', size: 'eco' }]);
    expect(() => parseSizes(['web='], [])).toThrow(UsageError);
  });
});
