/** What lists look like, on 80 columns and on 40. */
import { describe, expect, test } from 'vitest';
import { bytes, cacheReport } from '../../src/cli/cache-report.js';
import { dynoList } from '../../src/cli/dyno-list.js';
import { releaseList } from '../../src/cli/release-list.js';
import { painter, widthOf } from '../../src/cli/terminal.js';
import type { DynoJson, ReleaseJson } from '../../src/runtime/api/representations.js';

const MB = 1024 * 1024;
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
    outdated: false,
    memory: null,
    memory_quota: 512 * MB,
    cpu: null,
    requests: null,
    websockets: null,
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

  const measured = [
    dyno('web.1', { cpu: 0.004, memory: 41.4 * MB, requests: 2, websockets: 1 }),
    dyno('web.2', { cpu: 1.3, memory: 600 * MB, requests: 0, websockets: 0 }),
    dyno('web.3', { state: 'starting' }),
  ];

  test('show what they use of a core and of their memory, and what they are busy with', () => {
    expect(dynoList(measured, NOW, 80, plain)).toBe(`=== web (Standard-1X): node server.js (3)

web.1  up         0.4 %  41/512 MB   ~ 1m ago, v3, port 5006, 2 requests, 1
                                     websocket
web.2  up         130 %  600/512 MB  ~ 1m ago, v3, port 5006
web.3  starting                      ~ 1m ago, v3
`);
    const colours = dynoList(measured, NOW, 80, painter(true));
    expect(colours).toContain('\x1b[33m600/512 MB\x1b[39m');
  });

  test('have what explains them below, where the window is narrow', () => {
    expect(
      dynoList(measured.slice(0, 2), NOW, 40, plain),
    ).toBe(`=== web (Standard-1X): node server.js
(2)

web.1  up   0.4 %  41/512 MB
  ~ 1m ago, v3, port 5006, 2 requests, 1
  websocket
web.2  up   130 %  600/512 MB
  ~ 1m ago, v3, port 5006
`);
  });

  test('have the date of what is long ago', () => {
    expect(dynoList([dyno('web.1', { updated_at: at(90_000) })], NOW, 80, plain)).toMatch(
      /^web\.1 {2}up {2}\d{4}\/08\/\d\d \d\d:\d\d:\d\d [+-]\d{4}, v3/m,
    );
  });

  test('fit on 40 columns', () => {
    for (const line of dynoList([...dynos, ...measured], NOW, 40, plain).split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(40);
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
    misses: 120,
    collapsed: 99,
    bytes: 1_500_000,
    bytesSaved: 2_000,
    entries: 1,
    reasons: { 'set-cookie': 4 },
    hottest: [{ path: '/', hits: 3 }],
    uncacheable: [
      { path: '/cart', reason: 'set-cookie', count: 4 },
      { path: `/${'x'.repeat(8000)}`, reason: 'no-explicit-freshness', count: 1 },
    ],
  };
  expect(cacheReport('shop', report, 80, plain)).toBe(`=== shop HTTP Cache

Enabled:  yes
Hits:     3 (2 %)
Misses:   120, 99 shared another's fetch
Stored:   1 response, 1.5 MB
Saved:    2 kB

=== Why not

4  set-cookie

=== Hottest

3  /

=== Never cacheable

4  set-cookie             /cart
1  no-explicit-freshness  /${'x'.repeat(52)}…`);
  const lines = cacheReport('shop', report, 40, plain).split('\n');
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(40);
  expect(bytes(0)).toBe('0 B');
  expect(bytes(999_999)).toBe('1000 kB');
});
