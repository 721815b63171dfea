/** Where stored responses are kept. Whatever implements this passes test/runtime/cache/store-suite.ts. */
import type { StoredResponse } from './stored.js';

/** What a store holds of one app. */
export interface StoreUsage {
  readonly responses: number;
  /** What they count for in the budget, in bytes. */
  readonly bytes: number;
}

export interface CacheStore {
  /** Largest response that is worth offering to `put`, in bytes. */
  readonly largest: number;
  /** Every variant that is stored under a primary key. */
  get(key: string): readonly StoredResponse[];
  /** Says that a response was used, so that it goes later than others when room is needed. */
  touch(response: StoredResponse): void;
  /** Keeps a response in place of the one with the same key and variant. One that is too large is not kept. */
  put(response: StoredResponse): void;
  /**
   * Forgets the responses of an app that match; with a key, those under it alone.
   * @returns how many were forgotten
   */
  delete(app: string, matches: (response: StoredResponse) => boolean, key?: string): number;
  usage(app: string): StoreUsage;
}
