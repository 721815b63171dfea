import { expect, test } from 'vitest';
import { ago, stamp } from '../../src/cli/time.js';

const NOW = Date.parse('2026-08-04T18:20:00Z');

test.each([
  [0, '~ 0s ago'],
  [59, '~ 59s ago'],
  [60, '~ 1m ago'],
  [3599, '~ 59m ago'],
  [3600, '~ 1h ago'],
  [25 * 3600 - 1, '~ 24h ago'],
  [25 * 3600, ''],
  [-5, '~ 0s ago'],
])('%d seconds ago is "%s"', (seconds, expected) => {
  expect(ago(new Date(NOW - seconds * 1000).toISOString(), NOW)).toBe(expected);
});

test('a stamp is the same moment in the zone of the user', () => {
  const text = stamp('2026-08-04T17:37:41.000Z');
  const [, year, month, day, time, zone] =
    /^(\d+)\/(\d+)\/(\d+) (\S+) ([+-]\d{4})$/.exec(text) ?? [];
  const iso = `${year}-${month}-${day}T${time}${zone?.slice(0, 3)}:${zone?.slice(3)}`;
  expect(new Date(iso).toISOString()).toBe('2026-08-04T17:37:41.000Z');
});
