/** What every store of the cache must do, whatever it keeps responses in. */
import { describe, expect, it } from 'vitest';
import type { CacheStore } from '../../../src/runtime/cache/store.js';
import { request, stored } from './values.js';

/** @param open makes an empty store with a budget of these bytes */
export function storeSuite(name: string, open: (maxBytes: number) => CacheStore): void {
  const variant = (language: string) =>
    stored({
      request: request({ 'Accept-Language': language }),
      headers: { Vary: 'Accept-Language' },
    });

  describe(`${name} as a store`, () => {
    it('gives back what was put in', () => {
      const store = open(1_000_000);
      const response = stored();
      store.put(response);
      expect(store.get(response.key)).toEqual([response]);
      expect(store.get('another key')).toEqual([]);
    });

    it('keeps the variants of a URI beside one another', () => {
      const store = open(1_000_000);
      const [english, german] = [variant('en'), variant('de')];
      store.put(english);
      store.put(german);
      expect(store.get(english.key)).toHaveLength(2);
    });

    it('replaces a response by a newer one of the same variant', () => {
      const store = open(1_000_000);
      store.put(variant('en'));
      const newer = variant('en');
      store.put(newer);
      expect(store.get(newer.key)).toEqual([newer]);
      expect(store.usage('app')).toEqual({ responses: 1, bytes: newer.size });
    });

    it('lets the least recently used go when there is no room', () => {
      const body = 'x'.repeat(10_000);
      const made = ['/a', '/b', '/c'].map((path) => stored({ path, body }));
      const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
      const others = Array.from({ length: 5 }, (_, n) => stored({ path: `/${n}`, body }));
      const store = open(a.size * 8);
      for (const response of [a, b, ...others]) store.put(response);
      store.touch(a);
      store.put(c);
      store.put(stored({ path: '/d', body }));
      expect(store.get(a.key)).toHaveLength(1);
      expect(store.get(b.key)).toHaveLength(0);
      expect(store.get(c.key)).toHaveLength(1);
    });

    it('never holds more than its budget', () => {
      const store = open(100_000);
      for (let n = 0; n < 500; n += 1) {
        store.put(stored({ path: `/${n}`, body: 'x'.repeat((n * 37) % 9000) }));
        expect(store.usage('app').bytes).toBeLessThanOrEqual(100_000);
      }
    });

    it('does not keep a response that takes too large a share', () => {
      const store = open(100_000);
      const large = stored({ body: 'x'.repeat(store.largest) });
      store.put(large);
      expect(store.get(large.key)).toEqual([]);
      expect(store.usage('app')).toEqual({ responses: 0, bytes: 0 });
    });

    it('bounds the variants of one URI', () => {
      const store = open(100_000_000);
      for (let n = 0; n < 10_000; n += 1) store.put(variant(`x-${n}`));
      const { length } = store.get(variant('en').key);
      expect(length).toBeGreaterThan(10);
      expect(length).toBeLessThan(1000);
      expect(store.usage('app').responses).toBe(length);
    });

    it('forgets by app, by condition and by key', () => {
      const store = open(1_000_000);
      const one = stored({ path: '/1', headers: { 'Cache-Tag': 'x' } });
      const two = stored({ path: '/2' });
      const foreign = stored({ app: 'other', path: '/1' });
      for (const response of [one, two, foreign]) store.put(response);
      expect(store.delete('app', ({ tags }) => tags.includes('x'))).toBe(1);
      expect(store.delete('app', () => true, foreign.key)).toBe(0);
      expect(store.delete('app', () => true, two.key)).toBe(1);
      expect(store.usage('app')).toEqual({ responses: 0, bytes: 0 });
      expect(store.usage('other')).toEqual({ responses: 1, bytes: foreign.size });
    });

    it('takes a touch of what it has forgotten', () => {
      const store = open(1_000_000);
      const response = stored();
      store.touch(response);
      expect(store.get(response.key)).toEqual([]);
    });
  });
}
