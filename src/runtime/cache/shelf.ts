/** What is stored and how it changes: the store, with the rules of RFC 9111 around it. */
import { ForwardClock } from './clock.js';
import { isSameRepresentation, updatedFields } from './conditional.js';
import { firstLine, storableFields } from './fields.js';
import { type Flight, Flights } from './flights.js';
import type { FetchTimes } from './freshness.js';
import { keyOf, uriOfKey } from './key.js';
import type { CacheRequest, OriginResponse, RawHeaders } from './messages.js';
import { isVariantFor } from './plan.js';
import { type Freshness, mayStore, type Refusal } from './policy.js';
import type { RequestFacts } from './request.js';
import type { CacheStore } from './store.js';
import { isFreshAt, type StoredResponse, storedResponse, withBody } from './stored.js';
import { Uncacheable } from './uncacheable.js';
import { variantOf } from './vary.js';

const PERSONAL: ReadonlySet<Refusal> = new Set([
  'request-no-store',
  'authorization',
  'set-cookie',
  'partial-content',
  'not-modified',
]);

const NO_BODY = { pieces: [], length: 0 } as const;

/** A request with what the cache made of it. */
export interface Asked {
  readonly request: CacheRequest;
  readonly facts: RequestFacts;
  readonly key: string;
}

/** What a response may become in the store. */
export type Judgement =
  | { readonly kind: 'storable'; readonly response: StoredResponse }
  | { readonly kind: 'refused'; readonly because: Refusal };

export class Shelf {
  readonly flights = new Flights();
  readonly uncacheable = new Uncacheable();
  readonly #clock: ForwardClock;

  constructor(
    readonly store: CacheStore,
    private readonly freshness: Freshness,
    private readonly wallClock: () => number,
  ) {
    this.#clock = new ForwardClock(wallClock);
  }

  /** ms on the clock by which responses age. */
  now(): number {
    return this.#clock.now();
  }

  /** ms since the epoch, to be compared with dates in headers. */
  wallNow(): number {
    return this.wallClock();
  }

  /** What would be stored of a response, still without its body. */
  judge(
    asked: Asked,
    origin: OriginResponse,
    times: FetchTimes,
    freshness: Freshness = this.freshness,
  ): Judgement {
    if (origin.from === 'router') return { kind: 'refused', because: 'router-error' };
    const decision = mayStore(asked.facts, origin, freshness, times.responded);
    if (decision.store === 'no') return { kind: 'refused', because: decision.because };
    const length = Number(firstLine(origin.headers, 'content-length') ?? 0);
    if (length > this.store.largest) return { kind: 'refused', because: 'too-large' };
    const { permission, vary } = decision;
    const variant = variantOf(vary, asked.request.headers, asked.facts.rerouting);
    const place = { app: asked.request.app, key: asked.key, vary, variant };
    const headers = dated(storableFields(origin.headers, permission.withheld), times);
    const { status } = origin;
    const response = storedResponse(place, status, headers, NO_BODY, permission, times, this.now());
    return { kind: 'storable', response };
  }

  /** Stores a response, unless it was overtaken while it came in. */
  keep(response: StoredResponse, body: StoredResponse['body'], flight: Flight): void {
    if (flight.validity === 'current') this.store.put(withBody(response, body));
  }

  /**
   * Freshens a stored response with a 304, or a 200 to HEAD (RFC 9111 4.3.4, 4.3.5).
   * @returns the new response, stored if it still may be
   */
  freshen(
    asked: Asked,
    old: StoredResponse,
    received: RawHeaders,
    times: FetchTimes,
    flight?: Flight,
  ): StoredResponse {
    const headers = updatedFields(old.headers, dated(received, times));
    const head = { status: old.status, headers };
    const decision = mayStore(asked.facts, head, this.freshness, times.responded);
    const may = decision.store === 'yes';
    const vary = may ? decision.vary : old.vary;
    const variant = variantOf(vary, asked.request.headers, asked.facts.rerouting);
    const place = { app: old.app, key: old.key, vary, variant };
    // What may not be stored (a 304 that starts a session) is for nobody but the one who asked.
    const permission = may ? decision.permission : { ...old.permission, use: 'validated' as const };
    const kept = may ? storableFields(headers, permission.withheld) : headers;
    const fresh = storedResponse(place, old.status, kept, old.body, permission, times, this.now());
    if (flight?.validity === 'overtaken') return fresh;
    if (may) this.store.put(fresh);
    else if (!isPersonal(decision.because)) this.forget(old);
    return fresh;
  }

  /** A 200 to HEAD freshens the GET responses it is about, and makes the others stale. */
  applyHead(asked: Asked, received: RawHeaders, times: FetchTimes): void {
    for (const stored of [...this.store.get(asked.key)]) {
      if (!isVariantFor(stored, asked.request, asked.facts) || stored.status !== 200) continue;
      if (isSameRepresentation(stored, received)) {
        this.freshen(asked, stored, received, times);
      } else {
        this.forget(stored);
      }
    }
  }

  /**
   * Whether those who wait for a fetch may have its response: only one that needs no validation of
   * their own (RFC 9111 4). Those who ask next wait, or do not, accordingly.
   */
  isForOthers(response: StoredResponse, flight: Flight): boolean {
    const now = this.now();
    const may = response.permission.use !== 'validated' && isFreshAt(response, now);
    this.flights.remember(flight, may ? 'shared' : 'alone', now);
    return may;
  }

  forget(stored: StoredResponse): void {
    this.store.delete(stored.app, (other) => other === stored, stored.key);
  }

  /** Makes everything under these URIs invalid, what is on its way included. */
  invalidate(app: string, uris: readonly string[]): void {
    const keys = new Set(uris.map((uri) => keyOf(app, uri)));
    this.flights.overtake(app, (key) => keys.has(key));
    for (const key of keys) this.store.delete(app, () => true, key);
  }

  /** Forgets what matches, and everything that is on its way: nobody knows yet what that will be. */
  purge(app: string, matches: (stored: StoredResponse, uri: string) => boolean): number {
    this.flights.overtake(app, () => true);
    this.uncacheable.forget(app);
    return this.store.delete(app, (stored) => matches(stored, uriOfKey(stored.key)));
  }
}

/** Reasons that lie in one client's request, or that another client may not meet, say nothing of the URI. */
export function isPersonal(because: Refusal): boolean {
  return PERSONAL.has(because);
}

/** A recipient with a clock adds the Date that is missing (RFC 9110 6.6.1). */
function dated(headers: RawHeaders, times: FetchTimes): RawHeaders {
  if (firstLine(headers, 'date') !== undefined) return headers;
  return [...headers, 'Date', new Date(times.responded).toUTCString()];
}
