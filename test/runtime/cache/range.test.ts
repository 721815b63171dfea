import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeAnswer, slice } from '../../../src/runtime/cache/range.js';
import { readRequest } from '../../../src/runtime/cache/request.js';
import { date, NOW, request, stored } from './values.js';

const response = stored({
  body: '0123456789',
  headers: { ETag: '"a"', 'Last-Modified': date(-99) },
});
const answer = (asked: Record<string, string | string[]>) =>
  rangeAnswer(response, readRequest(request(asked)), NOW);
const part = (first: number, last: number) => ({ kind: 'part', first, last });

describe('a range of a stored body', () => {
  it.each([
    ['bytes=0-1', part(0, 1)],
    ['BYTES= 2-2', part(2, 2)],
    ['bytes=5-', part(5, 9)],
    ['bytes=5-99', part(5, 9)],
    ['bytes=-3', part(7, 9)],
    ['bytes=-99', part(0, 9)],
    ['bytes=10-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=3-2', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=0-1,3-4', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    ['bytes=a-b', { kind: 'whole' }],
  ])('%s', (value, expected) => {
    expect(answer({ Range: value })).toEqual(expected);
  });

  it.each([
    ['"a"', 'part'],
    ['"b"', 'whole'],
    ['W/"a"', 'whole'],
    [date(-99), 'part'],
    [date(-98), 'whole'],
  ])('counts with If-Range %s: %s', (value, kind) => {
    expect(answer({ Range: 'bytes=0-1', 'If-Range': value }).kind).toBe(kind);
  });

  it('is cut out of the pieces, however they came', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 5 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(pieces, fc.nat(50), fc.nat(50), (given, one, other) => {
        const all = Buffer.concat(given);
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const cut = slice({ pieces: given, length: all.length }, { first, last });
        expect(Buffer.concat(cut)).toEqual(all.subarray(first, last + 1));
      }),
    );
  });
});
