/** What lists look like, on 80 columns and on 40. */
import { describe, expect, test } from 'vitest';
import { bytes, cacheReport } from '../../src/cli/cache-report.js';
import { dynoList } from '../../src/cli/dyno-list.js';
import { releaseList } from '../../src/cli/release-list.js';
import { painter, widthOf } from '../../src/cli/terminal.js';
import type { DynoJson, ReleaseJson } from '../../src/runtime/api/representations.js';

const NOW = Date.parse('2026-08-04T18:20:00Z');
const plain = painter(false);
const at = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

const dyno = (name: string, more: Partial<DynoJson> = {}) =>
  ({
    name,
    type: name.split('.')[0],
    size: 'Standard-1X',
    command: 'node server.js',
    state: 'up',
    stopping: false,
    release: { id: 'r', version: 3 },
    updated_at: at(90),
    restarts: 0,
    port: 5006,
    reason: null,
    exit_status: null,
    next_try_at: null,
    ...more,
  }) as DynoJson;

const dynos = [
  dyno('web.10'),
  dyno('web.2', {
    state: 'crashed',
    reason: 'exit',
    exit_status: 3,
    restarts: 2,
    next_try_at: at(-4),
  }),
  dyno('web.1', { state: 'crashed', reason: 'R10' }),
  dyno('run.4821', { command: 'bash', port: null }),
];

describe('dynos', () => {
  test('come by type with one-offs first, by number, with what explains their state', () => {
    const text = dynoList(dynos, NOW, 50, plain);
    expect(text).toBe(`=== run: one-off processes (1)

run.4821  up  ~ 1m ago, v3, bash

=== web (Standard-1X): node server.js (3)

web.1   crashed  ~ 1m ago, v3, error R10
web.2   crashed  ~ 1m ago, v3, exit 3, 2 restarts,
                 next try in 4s
web.10  up       ~ 1m ago, v3, port 5006
`);
  });

  test('fit on 40 columns', () => {
    for (const line of dynoList(dynos, NOW, 40, plain).split('\n')) {
      if (!line.startsWith('===')) expect(widthOf(line)).toBeLessThanOrEqual(40);
    }
  });
});

describe('releases', () => {
  const release = (version: number, more: Partial<ReleaseJson> = {}) =>
    ({
      version,
      description: 'Set GREETING config vars',
      status: 'succeeded',
      current: false,
      created_at: at(7200),
      ...more,
    }) as ReleaseJson;

  test('name the current one, and what is wrong with the others', () => {
    const text = releaseList(
      'shop',
      [release(3, { status: 'failed' }), release(2, { current: true })],
      NOW,
      70,
      plain,
    );
    expect(text).toBe(`=== shop Releases - Current: v2

v3  Set GREETING config vars release command failed  ~ 2h ago
v2  Set GREETING config vars                         ~ 2h ago`);
  });

  test('fit on 40 columns', () => {
    for (const line of releaseList('shop', [release(12)], NOW, 40, plain).split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(40);
    }
  });
});

test('the cache says how often it answered, and why not', () => {
  const report = {
    enabled: true,
    hits: 3,
    misses: 1,
    bytes: 1_500_000,
    entries: 2,
    reasons: { 'uri-miss': 1 },
    hottest: [{ path: '/', hits: 3 }],
    uncacheable: [{ path: '/cart', reason: 'set-cookie', count: 4 }],
  };
  expect(cacheReport('shop', report, 80, plain)).toBe(`=== shop HTTP Cache

Enabled:  yes
Hits:     3 (75 %)
Misses:   1
Stored:   2 responses, 1.5 MB

=== Why not

1  uri-miss

=== Hottest

3  /

=== Never cacheable

4  /cart  set-cookie`);
  expect(bytes(0)).toBe('0 B');
  expect(bytes(999_999)).toBe('1000 kB');
});
