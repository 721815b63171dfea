import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectiveFormation,
  scaledTo,
  sizeNamed,
  updateFormation,
} from '../../../src/runtime/platform/formation.js';

const one = { quantity: 1, size: 'Standard-1X' };
const TYPES = { web: 'a', release: 'b', worker: 'c' };
const FORMATION = { web: one, worker: one };

describe('the formation to run', () => {
  test('is one of each type but release', () => {
    expect(effectiveFormation(TYPES, {}, {})).toEqual(FORMATION);
  });

  test('takes app.json before the default, and what was scaled before app.json', () => {
    const appJson = { web: { ...one, quantity: 2 }, worker: { ...one, quantity: 5 } };
    const scaled = { web: { ...one, quantity: 3 }, gone: one };
    expect(effectiveFormation(TYPES, scaled, appJson)).toEqual({
      web: { ...one, quantity: 3 },
      worker: { ...one, quantity: 5 },
    });
  });
});

describe('scaling', () => {
  test.each<[quantity: number | string, expected: number]>([
    [3, 3],
    ['3', 3],
    ['+1', 2],
    ['-1', 0],
    ['0', 0],
    [0, 0],
  ])('web to %j makes it %d', (quantity, expected) => {
    const updated = updateFormation(FORMATION, [{ type: 'web', quantity }]);
    expect(updated['web']?.quantity).toBe(expected);
    expect(updated['worker']).toEqual(one);
  });

  test.each([-1, '-2', 'x', '', '1.5', 1.5, '+', '１', 'NaN', 1e21])(
    'web to %j is refused with the mend',
    (quantity) => {
      expect(() => updateFormation(FORMATION, [{ type: 'web', quantity }])).toThrow(
        /^Can't scale web to .* such as web=1\.$/,
      );
    },
  );

  test('a type that the Procfile does not have is refused with those that it has', () => {
    expect(() => updateFormation(FORMATION, [{ type: 'nope', quantity: 2 }])).toThrow(
      "Couldn't find the process type nope. The Procfile has web, worker.",
    );
    expect(() => updateFormation(FORMATION, [{ type: 'constructor', quantity: 2 }])).toThrow(
      /process type/,
    );
  });

  test('release is no type of dynos, and that is said', () => {
    expect(() => updateFormation(FORMATION, [{ type: 'release', quantity: 1 }])).toThrow(
      'release runs once for each release, never as a dyno. Types of dynos: web, worker.',
    );
  });

  test('over 100 dynos is refused, and one bad row refuses all', () => {
    expect(() => updateFormation(FORMATION, [{ type: 'web', quantity: 100 }])).toThrow(
      /at most 100/,
    );
    expect(() =>
      updateFormation(FORMATION, [
        { type: 'web', quantity: 2 },
        { type: 'web', quantity: 'x' },
      ]),
    ).toThrow(/Can't scale/);
    expect(FORMATION.web.quantity).toBe(1);
  });

  test('a size is taken in any case and kept in Heroku’s spelling', () => {
    const updated = updateFormation(FORMATION, [{ type: 'web', quantity: 2, size: 'standard-2x' }]);
    expect(updated['web']).toEqual({ quantity: 2, size: 'Standard-2X' });
    expect(() => sizeNamed('huge')).toThrow(/No such dyno size: huge/);
  });

  test('whatever is asked for, the quantity is a whole number from 0 to 100, or it is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.double()), (quantity) => {
        try {
          const { web } = updateFormation(FORMATION, [{ type: 'web', quantity }]);
          expect(Number.isInteger(web?.quantity)).toBe(true);
          expect(web?.quantity).toBeGreaterThanOrEqual(0);
          expect(web?.quantity).toBeLessThanOrEqual(100);
        } catch (error) {
          expect((error as Error).name).toBe('PlatformError');
        }
      }),
    );
  });
});

test('the log line names every type in the order of the formation', () => {
  expect(
    scaledTo({ web: { quantity: 2, size: 'Standard-1X' }, worker: { quantity: 0, size: 'Eco' } }),
  ).toBe('Scaled to web@2:Standard-1X worker@0:Eco');
});
