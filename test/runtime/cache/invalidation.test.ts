import { describe, expect, it } from 'vitest';
import {
  invalidated,
  isOwnRepresentation,
  isSafe,
} from '../../../src/runtime/cache/invalidation.js';
import { raw } from './values.js';

const URI = 'http://shop.localhost/cart';

describe('invalidation', () => {
  it('follows methods that change things, and those that nobody knows', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'].every(isSafe)).toBe(true);
    expect(['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'get'].some(isSafe)).toBe(false);
  });

  it.each<[number, Record<string, string | string[]>, string[]]>([
    [200, {}, [URI]],
    [303, { Location: '/done' }, [URI, 'http://shop.localhost/done']],
    [
      201,
      { Location: 'cart/1', 'Content-Location': 'cart/2' },
      [URI, 'http://shop.localhost/cart/1', 'http://shop.localhost/cart/2'],
    ],
    [200, { Location: 'http://elsewhere/cart' }, [URI]],
    [200, { Location: 'https://shop.localhost/cart' }, [URI]],
    [200, { Location: 'http://[' }, [URI]],
    [404, { Location: '/done' }, []],
    [500, {}, []],
  ])('after %d with %j covers %j', (status, headers, expected) => {
    expect(invalidated(URI, status, raw(headers))).toEqual(expected);
  });

  it('keeps the answer to a POST that says it is the representation', () => {
    expect(isOwnRepresentation(URI, 200, raw({ 'Content-Location': '/cart' }))).toBe(true);
    expect(isOwnRepresentation(URI, 200, raw({ 'Content-Location': '/other' }))).toBe(false);
    expect(isOwnRepresentation(URI, 201, raw({ 'Content-Location': '/cart' }))).toBe(false);
    expect(isOwnRepresentation(URI, 200, [])).toBe(false);
  });
});
