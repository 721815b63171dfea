/**
 * A shared HTTP cache (RFC 9111) between the router and the dynos, as a library: it is given a request,
 * a way to fetch and a way to answer.
 */
import { answerFrom } from './answer.js';
import { type CacheStatus, cacheStatusMember } from './cache-status.js';
import { Delivery, hitReason } from './delivery.js';
import { Exchange } from './exchange.js';
import type { FillBudget } from './fill.js';
import { keyOf, pathOf, typedUri, uriOf } from './key.js';
import { MemoryStore } from './memory-store.js';
import type { CacheRequest, CacheVerdict, Forward, Hit, Reply } from './messages.js';
import { planFor } from './plan.js';
import { readRequest } from './request.js';
import { Shelf } from './shelf.js';
import { AppStatistics, type CacheStatistics } from './statistics.js';
import type { CacheStore } from './store.js';

export type {
  CacheRequest,
  CacheVerdict,
  FetchPurpose,
  Forward,
  Hit,
  OriginResponse,
  Outcome,
  RawHeaders,
  Reply,
} from './messages.js';
export type { CacheStatistics } from './statistics.js';
export type { CacheStore } from './store.js';

/** Budget of the memory store unless told otherwise, in bytes. */
const DEFAULT_BYTES = 64 * 1024 * 1024;

export interface CacheOptions {
  /** Where responses are kept; a memory store of `maxBytes` unless given. */
  readonly store?: CacheStore;
  /** Bytes of memory for stored responses, 64 MiB unless given. Bodies on their way in may take half as much again. */
  readonly maxBytes?: number;
  /** `heuristic`: also store what states no freshness, by its Last-Modified. `explicit` unless given. */
  readonly freshness?: 'explicit' | 'heuristic';
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** Gives the `Cache-Status` line of an answer that went past the cache, from the dyno's status, if it gave one. */
export type PassedBy = (status: number | undefined) => string;

export class HttpCache {
  readonly #shelf: Shelf;
  readonly #budget: FillBudget;
  readonly #statistics = new Map<string, AppStatistics>();

  constructor(options: CacheOptions = {}) {
    const maxBytes = options.maxBytes ?? DEFAULT_BYTES;
    const store = options.store ?? new MemoryStore(maxBytes);
    this.#shelf = new Shelf(store, options.freshness ?? 'explicit', options.now ?? Date.now);
    this.#budget = { largest: store.largest, held: 0, most: maxBytes / 2 };
  }

  /**
   * The answer that needs no dyno and no waiting; it is counted as given. Most requests that can be
   * answered from the store are answered by this; for all others call `handle`.
   */
  lookup(request: CacheRequest): Hit | undefined {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const key = keyOf(request.app, uriOf(request));
    const stored = this.#shelf.store.get(key);
    if (stored.length === 0) return undefined;
    const facts = readRequest(request);
    const now = this.#shelf.now();
    const plan = planFor(request, facts, stored, now);
    if (plan.kind !== 'serve') return undefined;
    this.#shelf.store.touch(plan.response);
    const hit = answerFrom(plan.response, request, facts, now, hitReason(plan.response, now));
    this.#of(request.app).answered(hit.verdict.outcome, plan.response.key, hit.length);
    return hit;
  }

  /**
   * For a GET that `lookup` did not answer, of a URI whose last response, seconds ago, was not for the
   * store: the caller may pass it straight to a dyno, without `handle`. It is counted as passed.
   * @returns what to say on the answer
   */
  passes(request: CacheRequest): PassedBy | undefined {
    if (request.method !== 'GET') return undefined;
    const key = keyOf(request.app, uriOf(request));
    const because = this.#shelf.uncacheable.reason(key, this.#shelf.now());
    if (because === undefined || this.#shelf.store.get(key).length > 0) return undefined;
    if (readRequest(request).directives.has('only-if-cached')) return undefined;
    const statistics = this.#of(request.app);
    statistics.answered('pass', key, 0);
    statistics.refused(key, because);
    return passedBy({ key, fwd: 'uri-miss', detail: because });
  }

  /**
   * For a request that its caller passes straight to a dyno, because its method is no cache's business
   * (`OPTIONS`) or because it is a GET with a body. It is counted as passed.
   * @returns what to say on the answer
   */
  bypass(request: CacheRequest, fwd: 'method' | 'bypass'): PassedBy {
    const key = keyOf(request.app, uriOf(request));
    this.#of(request.app).answered('pass', key, 0);
    return passedBy({ key, fwd });
  }

  /**
   * Answers a request: from the store, or with what `forward` brings, which is stored if it may be.
   * Resolves when the reply has ended.
   * @throws what `forward` throws, before anything was sent to the client
   */
  handle(request: CacheRequest, forward: Forward, reply: Reply): Promise<CacheVerdict> {
    const asked = { request, facts: readRequest(request), key: keyOf(request.app, uriOf(request)) };
    const shelf = this.#shelf;
    const statistics = this.#of(request.app);
    const delivery = new Delivery(asked, reply, shelf, statistics);
    const exchange = new Exchange(asked, forward, delivery, {
      shelf,
      budget: this.#budget,
      statistics,
    });
    return exchange.run(planFor(request, asked.facts, shelf.store.get(asked.key), shelf.now()));
  }

  /** Forgets everything of an app, what is on its way included: after a release or restart of web. */
  clear(app: string): void {
    this.purge(app, {});
  }

  /**
   * Forgets what was stored under a URL (a path alone: on every host of the app), or with a tag in
   * `Cache-Tag` or `Surrogate-Key`; everything when neither is given.
   * @returns how many stored responses are gone
   */
  purge(app: string, what: { readonly url?: string; readonly tag?: string }): number {
    const { url, tag } = what;
    const wanted = url === undefined || url.startsWith('/') ? url : typedUri(url);
    return this.#shelf.purge(app, ({ tags }, uri) => {
      if (tag !== undefined && !tags.includes(tag)) return false;
      return url === undefined || uri === wanted || pathOf(uri) === wanted;
    });
  }

  /** What the cache did for an app since the start, and what it holds of it. */
  statistics(app: string): CacheStatistics {
    return this.#of(app).report(this.#shelf.store.usage(app));
  }

  #of(app: string): AppStatistics {
    const known = this.#statistics.get(app);
    if (known !== undefined) return known;
    const statistics = new AppStatistics();
    this.#statistics.set(app, statistics);
    return statistics;
  }
}

function passedBy(told: CacheStatus): PassedBy {
  return (fwdStatus) => cacheStatusMember(fwdStatus === undefined ? told : { ...told, fwdStatus });
}
