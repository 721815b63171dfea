import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/runtime/cache/request.js';
import { mayStandIn, reuseOf } from '../../../src/runtime/cache/reuse.js';
import { NOW, request, stored } from './values.js';

const reuse = (cacheControl: string, age: number, asked: Record<string, string> = {}) => {
  const response = stored({ headers: { 'Cache-Control': cacheControl, ETag: '"a"' } });
  const found = reuseOf(response, readRequest(request(asked)), NOW + age * 1000);
  return found.kind === 'validate' ? `validate: ${found.because}` : found.kind;
};
const wants = (directive: string) => ({ 'Cache-Control': directive });

describe('whether a stored response answers a request', () => {
  it.each<[string, number, Record<string, string>, string]>([
    ['max-age=60', 59, {}, 'serve'],
    ['max-age=60', 60, {}, 'validate: stale'],
    ['max-age=60, no-cache', 0, {}, 'validate: stale'],
    ['max-age=60, must-revalidate', 59, {}, 'serve'],
    ['max-age=60', 1, wants('no-cache'), 'validate: request'],
    ['max-age=60', 1, { Pragma: 'no-cache' }, 'validate: request'],
    ['max-age=60', 1, { Pragma: 'no-cache', 'Cache-Control': 'x' }, 'serve'],
    ['max-age=60', 0, wants('max-age=0'), 'validate: request'],
    ['max-age=60', 9, wants('max-age=9'), 'serve'],
    ['max-age=60', 10, wants('max-age=9'), 'validate: request'],
    ['max-age=60', 50, wants('min-fresh=11'), 'validate: request'],
    ['max-age=60', 50, wants('min-fresh=10'), 'serve'],
    ['max-age=60', 90, wants('max-stale=30'), 'serve'],
    ['max-age=60', 91, wants('max-stale=30'), 'validate: stale'],
    ['max-age=60', 999, wants('max-stale'), 'serve'],
    ['max-age=60, must-revalidate', 61, wants('max-stale'), 'validate: stale'],
    ['max-age=60, immutable', 9, wants('max-age=0'), 'serve'],
    ['max-age=60, immutable', 9, wants('no-cache'), 'validate: request'],
    ['max-age=60, immutable', 61, wants('max-age=0'), 'validate: request'],
    ['max-age=60, stale-while-revalidate=30', 89, {}, 'refresh'],
    ['max-age=60, stale-while-revalidate=30', 90, {}, 'validate: stale'],
    ['max-age=60', 1, { Authorization: 'x' }, 'bypass'],
    ['max-age=60, public', 1, { Authorization: 'x' }, 'serve'],
  ])('%s at the age of %d s for %j: %s', (cacheControl, age, asked, expected) => {
    expect(reuse(cacheControl, age, asked)).toBe(expected);
  });

  it.each([
    ['max-age=60', 'unreachable', 69, true],
    ['max-age=60', 'unreachable', 70, false],
    ['max-age=60', 'error', 61, false],
    ['max-age=60, stale-if-error=30', 'error', 89, true],
    ['max-age=60, stale-if-error=30', 'error', 90, false],
    ['max-age=60, stale-if-error=30', 'unreachable', 89, true],
    ['max-age=60, stale-if-error=30, must-revalidate', 'unreachable', 61, false],
  ] as const)(
    '%s stands in for an origin that is in %s at %d s: %s',
    (value, failure, age, expected) => {
      const response = stored({ headers: { 'Cache-Control': value } });
      expect(mayStandIn(response, failure, NOW + age * 1000)).toBe(expected);
    },
  );
});
