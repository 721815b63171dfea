import fc from 'fast-check';
import { parseList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { cacheStatusMember } from '../../../src/runtime/cache/cache-status.js';
import { keyOf } from '../../../src/runtime/cache/key.js';

const key = keyOf('app', 'http://a/');

describe('Cache-Status', () => {
  it.each([
    [{ key, ttl: 376 }, 'paas; hit; ttl=376; key="http://a/"'],
    [
      { key, fwd: 'uri-miss', fwdStatus: 200, stored: 'stored' },
      'paas; fwd=uri-miss; fwd-status=200; stored; key="http://a/"',
    ],
    [
      { key, fwd: 'stale', collapsed: 'collapsed', ttl: -4 },
      'paas; fwd=stale; ttl=-4; collapsed; key="http://a/"',
    ],
    [
      { key, fwd: 'bypass', detail: 'no-store' },
      'paas; fwd=bypass; detail=no-store; key="http://a/"',
    ],
  ] as const)('tells %j', (status, expected) => {
    expect(cacheStatusMember(status)).toBe(expected);
  });

  it('is a Structured Fields list for every key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        const text = cacheStatusMember({ key: keyOf('app', `http://a/${path}`), ttl: 1 });
        const [[name, parameters]] = parseList(text) as never as [[unknown, Map<string, unknown>]];
        expect(String(name)).toBe('paas');
        expect(parameters.get('ttl')).toBe(1);
      }),
    );
  });
});
