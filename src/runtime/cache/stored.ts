/** A response as it is stored: never changed, replaced by a new one when it is freshened. */
import { combined, firstLine } from './fields.js';
import type { FetchTimes } from './freshness.js';
import { initialAge } from './freshness.js';
import type { RawHeaders } from './messages.js';
import type { Permission } from './policy.js';

/** Rough cost of the objects around one stored response and around each piece of its body, in bytes. */
const RESPONSE_OVERHEAD = 1024;
const PIECE_OVERHEAD = 128;

/** Where a response belongs: its app, its URI and its place among the variants of the URI. */
export interface Place {
  readonly app: string;
  /** Primary key, of `keyOf`. */
  readonly key: string;
  /** Request fields that choose the variant, and this variant's values of them (`variantOf`). */
  readonly vary: readonly string[];
  readonly variant: string;
}

/** A whole body in the pieces that came, and its length in bytes. */
export interface StoredBody {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

export interface StoredResponse extends Place {
  readonly status: number;
  /** The storable fields, without `Age`, with a `Date`. */
  readonly headers: RawHeaders;
  readonly body: StoredBody;
  readonly permission: Permission;
  /** When the header came, by the cache's clock, and how old the response was then; ms. */
  readonly receivedAt: number;
  readonly initialAge: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** What `purge --tag` finds it by: members of Cache-Tag and Surrogate-Key. */
  readonly tags: readonly string[];
  /** What it counts for in the budget of the store, in bytes. */
  readonly size: number;
}

/**
 * Makes what is stored of a response.
 * @param headers already without what may not be stored (`storableFields`), with a `Date`
 * @param receivedAt `times.responded` on the cache's own clock
 */
export function storedResponse(
  place: Place,
  status: number,
  headers: RawHeaders,
  body: StoredBody,
  permission: Permission,
  times: FetchTimes,
  receivedAt: number,
): StoredResponse {
  return {
    app: place.app,
    key: place.key,
    vary: place.vary,
    variant: place.variant,
    status,
    headers: withoutAge(headers),
    body,
    permission,
    receivedAt,
    initialAge: initialAge(headers, times),
    etag: firstLine(headers, 'etag'),
    lastModified: firstLine(headers, 'last-modified'),
    tags: tagsOf(headers),
    size: sizeOf(place, headers, body),
  };
}

/** The same response with its body, now that the body is whole. Its length is said to the client. */
export function withBody(stored: StoredResponse, body: StoredBody): StoredResponse {
  const says = stored.status === 204 || firstLine(stored.headers, 'content-length') !== undefined;
  const headers = says
    ? stored.headers
    : [...stored.headers, 'Content-Length', String(body.length)];
  return { ...stored, headers, body, size: sizeOf(stored, headers, body) };
}

/** Current age in ms (RFC 9111 4.2.3). */
export function ageAt(stored: StoredResponse, now: number): number {
  return stored.initialAge + Math.max(0, now - stored.receivedAt);
}

/** Whether a response is fresh (RFC 9111 4.2). */
export function isFreshAt(stored: StoredResponse, now: number): boolean {
  return stored.permission.lifetime > ageAt(stored, now);
}

/** Whole seconds for `Age` and for the `ttl` of Cache-Status, which is negative when it is stale. */
export function secondsAt(stored: StoredResponse, now: number): { age: number; ttl: number } {
  const age = Math.floor(ageAt(stored, now) / 1000);
  return { age, ttl: Math.floor(stored.permission.lifetime / 1000) - age };
}

/** The members of `Cache-Tag` (separated by commas) and `Surrogate-Key` (by spaces). */
function tagsOf(headers: RawHeaders): string[] {
  const tags = (combined(headers, 'cache-tag') ?? '').split(',').map((tag) => tag.trim());
  const keys = (combined(headers, 'surrogate-key') ?? '').split(/[\s,]+/);
  return [...new Set([...tags, ...keys])].filter((tag) => tag !== '');
}

function withoutAge(headers: RawHeaders): RawHeaders {
  if (firstLine(headers, 'age') === undefined) return headers;
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at]!.toLowerCase() !== 'age') kept.push(headers[at]!, headers[at + 1]!);
  }
  return kept;
}

function sizeOf(place: Place, headers: RawHeaders, body: StoredBody): number {
  let text = place.key.length + place.variant.length;
  for (const part of headers) text += part.length;
  return RESPONSE_OVERHEAD + text + body.pieces.length * PIECE_OVERHEAD + body.length;
}
