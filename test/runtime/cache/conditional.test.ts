import { describe, expect, it } from 'vitest';
import {
  isSameRepresentation,
  isUnchanged,
  selectByNotModified,
  updatedFields,
  validationHeaders,
} from '../../../src/runtime/cache/conditional.js';
import { readRequest } from '../../../src/runtime/cache/request.js';
import { date, NOW, raw, request, stored } from './values.js';

type Fields = Record<string, string | string[]>;
const unchanged = (response: Fields, asked: Fields, status = 200) =>
  isUnchanged(stored({ headers: response, status }), readRequest(request(asked)), NOW);

describe("the client's conditions", () => {
  it.each<[Fields, Fields, boolean]>([
    [{ ETag: '"a"' }, { 'If-None-Match': '"a"' }, true],
    [{ ETag: '"a"' }, { 'If-None-Match': '"b", "a"' }, true],
    [{ ETag: '"a"' }, { 'If-None-Match': ['"b"', '"a"'] }, true],
    [{ ETag: '"a"' }, { 'If-None-Match': 'W/"a"' }, true],
    [{ ETag: 'W/"a"' }, { 'If-None-Match': '"a"' }, true],
    [{ ETag: '"a,b"' }, { 'If-None-Match': '"a,b"' }, true],
    [{ ETag: '"a"' }, { 'If-None-Match': '"a,b"' }, false],
    [{ ETag: '"a"' }, { 'If-None-Match': '"b"' }, false],
    [{ ETag: '"a"' }, { 'If-None-Match': '*' }, true],
    [{}, { 'If-None-Match': '*' }, true],
    [{}, { 'If-None-Match': '"a"' }, false],
    [
      { ETag: '"a"', 'Last-Modified': date(-9) },
      { 'If-None-Match': '"a"', 'If-Modified-Since': date(-99) },
      true,
    ],
    [
      { ETag: '"a"', 'Last-Modified': date(-9) },
      { 'If-None-Match': '"b"', 'If-Modified-Since': date(0) },
      false,
    ],
    [{ 'Last-Modified': date(-9) }, { 'If-Modified-Since': date(-9) }, true],
    [{ 'Last-Modified': date(-9) }, { 'If-Modified-Since': date(-8) }, true],
    [{ 'Last-Modified': date(-9) }, { 'If-Modified-Since': date(-10) }, false],
    [{ 'Last-Modified': date(-9) }, { 'If-Modified-Since': 'yesterday' }, false],
    [{}, { 'If-Modified-Since': date(0) }, true],
    [{}, { 'If-Modified-Since': date(-1) }, false],
    [{ ETag: '"a"' }, {}, false],
  ])('%j to %j is unchanged: %s', (response, asked, expected) => {
    expect(unchanged(response, asked)).toBe(expected);
  });

  it('count for no status but 2xx', () => {
    expect(unchanged({ ETag: '"a"' }, { 'If-None-Match': '"a"' }, 404)).toBe(false);
  });
});

describe('our conditions', () => {
  const asked = raw({
    Accept: 'x',
    'If-None-Match': '"c"',
    'If-Modified-Since': 'y',
    Range: 'bytes=0-1',
  });

  it("take the place of the client's", () => {
    const current = stored({ headers: { ETag: '"a"', 'Last-Modified': date(-9) } });
    const expected = raw({ Accept: 'x', 'If-None-Match': '"a"', 'If-Modified-Since': date(-9) });
    expect(validationHeaders(asked, current, [])).toEqual(expected);
  });

  it('offer the tags of all variants, but no date, when none of them is the one', () => {
    const others = ['"a"', '"b"'].map((ETag) =>
      stored({ headers: { ETag, 'Last-Modified': date(-9) } }),
    );
    const expected = raw({ Accept: 'x', 'If-None-Match': '"a", "b"' });
    expect(validationHeaders(asked, undefined, others)).toEqual(expected);
  });
});

describe('a 304', () => {
  const strong = stored({ headers: { ETag: '"a"', Date: date(-5) } });
  const weak = stored({ headers: { ETag: 'W/"w"', Date: date(-5) } });
  const newer = stored({ headers: { ETag: 'W/"w"', Date: date(-1) } });
  const dated = stored({ headers: { 'Last-Modified': date(-9) } });

  it.each([
    ['its strong tag', { ETag: '"a"' }, [weak, strong], strong],
    ['its weak tag, the newest', { ETag: 'W/"w"' }, [weak, newer, strong], newer],
    ['nothing: a strong tag that none has', { ETag: '"b"' }, [strong], undefined],
    ['nothing: a strong tag is no weak one', { ETag: '"w"' }, [weak], undefined],
    ['its date', { 'Last-Modified': date(-9) }, [dated], dated],
    ['the only one, without a validator', {}, [strong], strong],
    ['nothing, without a validator among several', {}, [strong, weak], undefined],
  ])('selects by %s', (_, headers, candidates, expected) => {
    expect(selectByNotModified(raw(headers as Fields), candidates)).toBe(expected);
  });

  it('replaces the fields that it has, but not those of the body and of the connection', () => {
    const old = raw({ A: ['1', '2'], B: '1', 'Content-Length': '4', 'Content-Encoding': 'gzip' });
    const received = raw({
      a: '3',
      'Content-Length': '0',
      Connection: 'x',
      X: '1',
      'Content-Encoding': 'br',
    });
    const expected = raw({ B: '1', 'Content-Length': '4', 'Content-Encoding': 'gzip', a: '3' });
    expect(updatedFields(old, received)).toEqual(expected);
  });

  it('and a HEAD are about the same when no validator and no length differs', () => {
    const response = stored({ headers: { ETag: '"a"', 'Content-Length': '4' } });
    expect(isSameRepresentation(response, raw({ ETag: '"a"', 'Content-Length': '4' }))).toBe(true);
    expect(isSameRepresentation(response, [])).toBe(true);
    expect(isSameRepresentation(response, raw({ 'Content-Length': '5' }))).toBe(false);
    expect(isSameRepresentation(response, raw({ ETag: '"b"' }))).toBe(false);
  });
});
