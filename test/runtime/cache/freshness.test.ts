import { describe, expect, it } from 'vitest';
import { initialAge } from '../../../src/runtime/cache/freshness.js';
import { date, NOW, raw } from './values.js';

const at = (headers: Record<string, string | string[]>, delay = 0) =>
  initialAge(raw(headers), { requested: NOW - delay, responded: NOW }) / 1000;

describe('the age of a response when it comes', () => {
  it.each<[string, Record<string, string | string[]>, number]>([
    ['nothing says otherwise', {}, 0],
    ['its Date is in the past', { Date: date(-90) }, 90],
    ['its Date is in the future', { Date: date(90) }, 0],
    ['its Date is none', { Date: 'foo' }, 0],
    ['Age says so', { Date: date(0), Age: '30' }, 30],
    ['Date says more than Age', { Date: date(-90), Age: '30' }, 90],
    ['the first of several ages counts', { Age: '30, 0' }, 30],
    ['the first line of several counts', { Age: ['0', '30'] }, 0],
    ['Age is no number', { Age: 'abc' }, 0],
    ['Age is negative', { Age: '-30' }, 0],
    ['Age is a fraction', { Age: '30.0' }, 0],
    ['Age is too large to hold', { Age: '99999999999' }, 2_147_483_648],
  ])('when %s', (_, headers, expected) => {
    expect(at(headers)).toBe(expected);
  });

  it('holds the time on the way', () => {
    expect(at({ Age: '30' }, 5000)).toBe(35);
  });

  it('takes nothing off when the clock steps back on the way', () => {
    expect(at({ Age: '30' }, -5000)).toBe(30);
  });
});
