import { expect, test } from 'vitest';
import { newId, shortName } from '../../src/runtime/identity.js';

test('ids have the form of random UUIDs and do not repeat', () => {
  const ids = Array.from({ length: 1000 }, newId);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1000);
});

test('a short name is FNV-1a, and so the same in every process', () => {
  expect(shortName('')).toBe('cbf29ce484222325');
  expect(shortName('a')).toBe('af63dc4c8601ec8c');
  expect(shortName('foobar')).toBe('85944171f73967e8');
});
