import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate } from '../../../src/runtime/cache/dates.js';

const NOW = Date.UTC(2026, 10, 23);
const THE_DATE = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('HTTP dates', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', THE_DATE],
    ['Sunday, 06-Nov-94 08:49:37 GMT', THE_DATE],
    ['Sun Nov  6 08:49:37 1994', THE_DATE],
    ['SUN, 06 NOV 1994 08:49:37 gmt', THE_DATE],
    ['Thursday, 18-Aug-50 02:01:18 GMT', Date.UTC(2050, 7, 18, 2, 1, 18)],
    ['Sun, 21 Nov 2286 04:46:39 GMT', Date.UTC(2286, 10, 21, 4, 46, 39)],
  ])('reads %j', (text, expected) => {
    expect(parseHttpDate(text, NOW)).toBe(expected);
  });

  it.each([
    '0',
    '',
    'foo',
    'Thu, 18 Aug 2050 02:01:18 UTC',
    'Thu, 18 Aug 2050 02:01:18 AEST',
    'Thu, 18 Aug 50 02:01:18 GMT',
    'Thu 18 Aug 2050 02:01:18 GMT',
    'Thu, 18  Aug  2050 02:01:18 GMT',
    'Thu, 18-Aug-2050 02:01:18 GMT',
    'Thu, 18 Aug 2050 02.01.18 GMT',
    'Thu, 18 Aug 2050 2:01:18 GMT',
    'Thu, 18 Aug 2050 25:01:18 GMT',
    'Thu, 31 Feb 2050 02:01:18 GMT',
    'Thu, 18 Foo 2050 02:01:18 GMT',
    '2050-08-18T02:01:18Z',
  ])('takes %j for no date', (text) => {
    expect(parseHttpDate(text, NOW)).toBeUndefined();
  });

  it('reads back every date that JavaScript prints', () => {
    const date = fc.date({
      min: new Date(0),
      max: new Date(Date.UTC(9999, 0)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        const whole = Math.floor(value.getTime() / 1000) * 1000;
        expect(parseHttpDate(value.toUTCString(), NOW)).toBe(whole);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseHttpDate(text, NOW)));
  });
});
