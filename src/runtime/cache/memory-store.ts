/** Stored responses in memory, within a budget of bytes: the least recently used goes first. */
import type { CacheStore, StoreUsage } from './store.js';
import type { StoredResponse } from './stored.js';

/** Part of the budget that one response may take. */
const LARGEST_SHARE = 1 / 8;

/** Most variants of one URI, so that a `Vary: User-Agent` does not drive everything else out. */
const MOST_VARIANTS = 128;

const NONE: readonly StoredResponse[] = [];

export class MemoryStore implements CacheStore {
  readonly largest: number;
  readonly #maxBytes: number;
  #bytes = 0;
  /** When each was used last, counted in uses; the least recently used first. */
  readonly #recency = new Map<StoredResponse, number>();
  #uses = 0;
  readonly #byKey = new Map<string, StoredResponse[]>();
  readonly #usage = new Map<string, { responses: number; bytes: number }>();

  /** @param maxBytes budget for all apps together, header fields and overhead included */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.largest = Math.floor(maxBytes * LARGEST_SHARE);
  }

  get(key: string): readonly StoredResponse[] {
    return this.#byKey.get(key) ?? NONE;
  }

  touch(response: StoredResponse): void {
    if (this.#recency.delete(response)) this.#used(response);
  }

  put(response: StoredResponse): void {
    if (response.size > this.largest) return;
    const replaced = this.get(response.key).find((other) => isSameVariant(other, response));
    if (replaced) this.#remove(replaced);
    const variants = this.#byKey.get(response.key) ?? [];
    if (variants.length >= MOST_VARIANTS) this.#remove(this.#leastRecent(variants));
    this.#byKey.set(response.key, [...this.get(response.key), response]);
    this.#used(response);
    this.#count(response, 1);
    for (const oldest of this.#recency.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  delete(app: string, matches: (response: StoredResponse) => boolean, key?: string): number {
    let forgotten = 0;
    for (const response of key === undefined ? [...this.#recency.keys()] : this.get(key)) {
      if (response.app !== app || !matches(response)) continue;
      this.#remove(response);
      forgotten += 1;
    }
    return forgotten;
  }

  usage(app: string): StoreUsage {
    return { responses: 0, bytes: 0, ...this.#usage.get(app) };
  }

  #used(response: StoredResponse): void {
    this.#uses += 1;
    this.#recency.set(response, this.#uses);
  }

  #remove(response: StoredResponse): void {
    if (!this.#recency.delete(response)) return;
    const rest = this.get(response.key).filter((other) => other !== response);
    if (rest.length === 0) this.#byKey.delete(response.key);
    else this.#byKey.set(response.key, rest);
    this.#count(response, -1);
  }

  #count(response: StoredResponse, sign: 1 | -1): void {
    this.#bytes += sign * response.size;
    const usage = this.#usage.get(response.app) ?? { responses: 0, bytes: 0 };
    usage.responses += sign;
    usage.bytes += sign * response.size;
    if (usage.responses === 0) this.#usage.delete(response.app);
    else this.#usage.set(response.app, usage);
  }

  /** Variants stand in the order in which they were stored; use may have changed it. */
  #leastRecent(variants: readonly StoredResponse[]): StoredResponse {
    const usedAt = (response: StoredResponse) => this.#recency.get(response)!;
    return variants.reduce((least, other) => (usedAt(other) < usedAt(least) ? other : least));
  }
}

function isSameVariant(one: StoredResponse, other: StoredResponse): boolean {
  return one.variant === other.variant && one.vary.join() === other.vary.join();
}
