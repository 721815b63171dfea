/**
 * What crosses between the cache and whoever uses it. The cache knows no sockets: it is given a
 * request, a way to fetch and a way to answer.
 */

/** Header lines as Node gives them in `rawHeaders`: name, value, name, value, … in their order. */
export type RawHeaders = readonly string[];

/** What the cache has to know of a request. */
export interface CacheRequest {
  /** Id of the app: two apps never share a stored response. */
  readonly app: string;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host and port that the client asked for, from `Host` or the absolute-form target. */
  readonly host: string;
  /** Path with its query, as received, never decoded. */
  readonly path: string;
  readonly headers: RawHeaders;
}

/** A response on its way from a dyno, or one that the router made because no dyno answered. */
export interface OriginResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  /**
   * The body in the pieces that arrived. Ending means that it is whole; a body that broke off throws.
   * Not asking for the next piece is back-pressure; `return()` ends the fetch.
   * The fetch lives as long as this iterator, also when the client has left.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** `router`: no dyno answered, this is an error page of 502, 503 or 504 (stale-if-error acts on it). */
  readonly from: 'dyno' | 'router';
  /** Trailer fields, known when the body has ended. They pass to the client and are not stored. */
  readonly trailers?: () => RawHeaders;
}

/** What a fetch is for: its client waits for it (`reply`), or it refreshes behind an answer (`refresh`). */
export type FetchPurpose = 'reply' | 'refresh';

/**
 * Sends the client's request (its method, path and body) on with these header lines instead of
 * its own. Interim responses go to the client without passing here. `refresh` has no client: it must
 * not be ended when the client leaves, and sends no body.
 */
export type Forward = (headers: RawHeaders, purpose: FetchPurpose) => Promise<OriginResponse>;

/** The way to the client. */
export interface Reply {
  /** True when the client has left; writing is then without effect. */
  readonly gone: boolean;
  /** Sends the status line and these header lines, once, before any body. */
  head(status: number, headers: RawHeaders, outcome: Outcome): void;
  /** Sends a piece of the body. A promise: wait for it (the client reads slower than we write). */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the response as whole. */
  end(trailers?: RawHeaders): void;
  /** Cuts the connection, so that the client sees that its body is not whole. */
  abort(): void;
}

/** How a request was answered, in one word for the router's line (`cache=hit`). */
export type Outcome =
  /** From the store, without asking a dyno. */
  | 'hit'
  /** From the store, after a dyno said that it is still right (304). */
  | 'revalidated'
  /** From the store although stale (RFC 5861, or no dyno answered). */
  | 'stale'
  /** From a dyno; the response is stored, or shared with others that asked for it at this moment. */
  | 'miss'
  /** From a dyno; the request or the response is not for a shared cache. */
  | 'pass';

/** The cache's word on one request. */
export interface CacheVerdict {
  readonly outcome: Outcome;
  /** Status that the client got. */
  readonly status: number;
  /** The `Cache-Status` member that was sent (RFC 9211). */
  readonly cacheStatus: string;
}

/** An answer that is ready to be sent: no promise, nothing to compute. */
export interface Hit {
  readonly status: number;
  /** Header lines, `Age` and `Cache-Status` among them: give them to `response.writeHead` as they are. */
  readonly headers: string[];
  /** The body in the pieces in which it was stored; none for HEAD, 304 and 504. */
  readonly body: readonly Uint8Array[];
  /** Bytes of `body`. */
  readonly length: number;
  readonly verdict: CacheVerdict;
}
