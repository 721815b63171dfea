import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayStore } from '../../../src/runtime/cache/policy.js';
import { readRequest } from '../../../src/runtime/cache/request.js';
import { date, NOW, raw, request } from './values.js';

type Fields = Record<string, string | string[]>;

function judge(
  response: Fields,
  asked: Fields = {},
  status = 200,
  freshness = 'explicit' as const,
) {
  const head = { status, headers: raw({ Date: date(0), ...response }) };
  return mayStore(readRequest(request(asked)), head, freshness, NOW);
}

function heuristic(response: Fields, status = 200) {
  const head = { status, headers: raw({ Date: date(0), ...response }) };
  return mayStore(readRequest(request()), head, 'heuristic', NOW);
}

describe('what may be stored', () => {
  it.each<[string, Fields, Fields, number, number]>([
    ['max-age', { 'Cache-Control': 'max-age=60' }, {}, 200, 60],
    ['s-maxage before max-age', { 'Cache-Control': 'max-age=60, s-maxage=5' }, {}, 200, 5],
    ['max-age before Expires', { 'Cache-Control': 'max-age=60', Expires: '0' }, {}, 200, 60],
    ['Expires', { Expires: date(30) }, {}, 200, 30],
    ['an error with explicit freshness', { 'Cache-Control': 'max-age=60' }, {}, 503, 60],
    ['a status that nobody knows', { 'Cache-Control': 'max-age=60' }, {}, 599, 60],
    ['a qualified private', { 'Cache-Control': 'max-age=60, private="x"' }, {}, 200, 60],
    [
      'must-understand and a status we know',
      { 'Cache-Control': 'max-age=60, no-store, must-understand' },
      {},
      200,
      60,
    ],
    [
      'Authorization and public',
      { 'Cache-Control': 'max-age=60, public' },
      { Authorization: 'x' },
      200,
      60,
    ],
    [
      'Authorization and s-maxage',
      { 'Cache-Control': 's-maxage=60' },
      { Authorization: 'x' },
      200,
      60,
    ],
    [
      'Authorization and must-revalidate',
      { 'Cache-Control': 'max-age=60, must-revalidate' },
      { Authorization: 'x' },
      200,
      60,
    ],
    [
      'Set-Cookie and public',
      { 'Cache-Control': 'public, max-age=60', 'Set-Cookie': 'a=b' },
      {},
      200,
      60,
    ],
    [
      'Set-Cookie and s-maxage',
      { 'Cache-Control': 's-maxage=60', 'Set-Cookie': 'a=b' },
      {},
      200,
      60,
    ],
    ['a request with Cookie', { 'Cache-Control': 'max-age=60' }, { Cookie: 'a=b' }, 200, 60],
    ['no-cache and a validator', { 'Cache-Control': 'no-cache', ETag: '"a"' }, {}, 200, 0],
    ['nothing left, but a validator', { Expires: date(-5), 'Last-Modified': date(-9) }, {}, 200, 0],
    [
      'CDN-Cache-Control over no-store',
      { 'CDN-Cache-Control': 'max-age=9', 'Cache-Control': 'no-store' },
      {},
      200,
      9,
    ],
  ])('stores %s', (_, response, asked, status, lifetime) => {
    const decision = judge(response, asked, status);
    expect(decision).toMatchObject({ store: 'yes', permission: { lifetime: lifetime * 1000 } });
  });

  it.each<[string, Fields, Fields, number]>([
    ['no-store', { 'Cache-Control': 'max-age=60, no-store' }, {}, 200],
    ['no-store', { 'Cache-Control': ['max-age=60', 'No-Store'] }, {}, 200],
    ['no-store', { 'CDN-Cache-Control': 'no-store', 'Cache-Control': 'max-age=60' }, {}, 200],
    ['no-store', { 'CDN-Cache-Control': 'max-age=60, &&&', 'Cache-Control': 'no-store' }, {}, 200],
    [
      'no-explicit-freshness',
      { 'CDN-Cache-Control': 'max-age="60"', 'Cache-Control': 'no-store' },
      {},
      200,
    ],
    ['private', { 'Cache-Control': 'max-age=60, private' }, {}, 200],
    ['request-no-store', { 'Cache-Control': 'max-age=60' }, { 'Cache-Control': 'no-store' }, 200],
    ['authorization', { 'Cache-Control': 'max-age=60' }, { Authorization: 'x' }, 200],
    ['set-cookie', { 'Cache-Control': 'max-age=60', 'Set-Cookie': 'a=b' }, {}, 200],
    ['vary-star', { 'Cache-Control': 'max-age=60', Vary: 'A, *' }, {}, 200],
    ['partial-content', { 'Cache-Control': 'max-age=60' }, {}, 206],
    ['not-modified', { 'Cache-Control': 'max-age=60' }, {}, 304],
    ['not-understood', { 'Cache-Control': 'max-age=60, must-understand' }, {}, 599],
    ['no-explicit-freshness', { 'Last-Modified': date(-9999) }, {}, 200],
    ['no-explicit-freshness', {}, {}, 200],
    ['already-stale', { 'Cache-Control': 'max-age=0' }, {}, 200],
    ['already-stale', { Expires: '0' }, {}, 200],
    ['already-stale', { 'Cache-Control': 'no-cache, max-age=60' }, {}, 200],
  ])('refuses by %s: %j to a request with %j', (because, response, asked, status) => {
    expect(judge(response, asked, status)).toEqual({ store: 'no', because });
  });

  it('guesses by Last-Modified only when told to, and only for the statuses that allow it', () => {
    const changed = { 'Last-Modified': date(-1000) };
    expect(heuristic(changed)).toMatchObject({ store: 'yes', permission: { lifetime: 100_000 } });
    for (const status of [201, 202, 302, 403, 502, 503, 504, 599]) {
      expect(heuristic(changed, status)).toMatchObject({ store: 'no' });
    }
    expect(heuristic({ ...changed, 'Cache-Control': 'public' }, 599)).toMatchObject({
      store: 'yes',
    });
    expect(heuristic({ ...changed, 'Cache-Control': 'max-age=0' })).toMatchObject({
      permission: { lifetime: 0 },
    });
  });

  it('allows no stale answer where a directive forbids it, whatever else is said', () => {
    for (const strict of ['must-revalidate', 'proxy-revalidate', 's-maxage=1', 'no-cache']) {
      const value = `max-age=1, stale-while-revalidate=9, stale-if-error=9, ${strict}`;
      expect(judge({ 'Cache-Control': value, ETag: '"a"' })).toMatchObject({
        permission: { staleWhileRevalidate: 0, staleIfError: 0, staleIfUnreachable: 0 },
      });
    }
  });

  it('never stores a response with a well-formed no-store, whatever stands around it', () => {
    const other = fc.constantFrom(
      'public',
      'max-age=60',
      's-maxage=9',
      'x="no,\\"x"',
      'immutable',
      'private="a"',
    );
    const lines = fc.tuple(fc.array(other), fc.array(other));
    fc.assert(
      fc.property(lines, fc.constantFrom(200, 301, 404, 500, 599), ([before, after], status) => {
        const value = [...before, 'no-store', ...after].join(', ');
        expect(judge({ 'Cache-Control': value, ETag: '"a"' }, {}, status).store).toBe('no');
      }),
    );
  });

  it('never throws, whatever the fields hold', () => {
    const names = fc.constantFrom(
      'Cache-Control',
      'CDN-Cache-Control',
      'Expires',
      'Age',
      'Date',
      'Vary',
      'ETag',
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: 'binary' })), (fields) => {
        judge(fields);
        heuristic(fields);
      }),
    );
  });
});
