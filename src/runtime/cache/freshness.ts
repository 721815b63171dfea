/** How old a response is and how long it stays fresh (RFC 9111 4.2). Pure. Times in ms. */
import { parseHttpDate } from './dates.js';
import { type Directives, deltaSeconds, seconds } from './directives.js';
import { firstLine, lines } from './fields.js';
import type { RawHeaders } from './messages.js';

/** Statuses that are cacheable without the response saying so (RFC 9110 15.1). */
const HEURISTIC_STATUSES = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);

/** Share of the time since the last change for which a response counts as fresh (RFC 9111 4.2.2). */
const HEURISTIC_SHARE = 0.1;

/** Longest time for which a guess is trusted: a day. */
const LONGEST_HEURISTIC = 24 * 60 * 60 * 1000;

/** When a fetch was sent and when its header came, in ms since the epoch. */
export interface FetchTimes {
  readonly requested: number;
  readonly responded: number;
}

/** The value of `Date`, or the time of the response where it has no valid one (RFC 9110 6.6.1). */
export function dateOf(headers: RawHeaders, responded: number): number {
  const date = firstLine(headers, 'date');
  return (date === undefined ? undefined : parseHttpDate(date, responded)) ?? responded;
}

/** The age of a response at the moment its header came (RFC 9111 4.2.3). */
export function initialAge(headers: RawHeaders, times: FetchTimes): number {
  const apparent = Math.max(0, times.responded - dateOf(headers, times.responded));
  const delay = Math.max(0, times.responded - times.requested);
  const corrected = ageField(headers) * 1000 + delay;
  return Math.max(apparent, corrected);
}

/** Seconds in `Age`: the first member of the first line (RFC 9111 5.1); 0 when it is no number. */
function ageField(headers: RawHeaders): number {
  const [first = ''] = (firstLine(headers, 'age') ?? '').split(',');
  return deltaSeconds(first.trim()) ?? 0;
}

/** Where the freshness of a response comes from. */
export type Lifetime =
  | { readonly by: 'response'; readonly ms: number }
  | { readonly by: 'heuristic'; readonly ms: number }
  | { readonly by: 'nothing'; readonly ms: 0 };

/**
 * For how long a response is fresh in a shared cache (RFC 9111 4.2.1): the first that is present of
 * s-maxage, max-age, Expires; else a guess.
 * @param targeted the directives are those of CDN-Cache-Control, so that Expires does not count
 */
export function lifetime(
  status: number,
  headers: RawHeaders,
  directives: Directives,
  targeted: boolean,
  responded: number,
): Lifetime {
  const stated = seconds(directives, 's-maxage') ?? seconds(directives, 'max-age');
  if (stated !== undefined) return { by: 'response', ms: stated * 1000 };
  const expires = targeted ? [] : lines(headers, 'expires');
  if (expires.length > 0) {
    const at = expires.length === 1 ? parseHttpDate(expires[0]!, responded) : undefined;
    const ms = at === undefined ? 0 : at - dateOf(headers, responded);
    return { by: 'response', ms: Math.max(0, ms) };
  }
  return guess(status, headers, directives, responded);
}

function guess(
  status: number,
  headers: RawHeaders,
  directives: Directives,
  responded: number,
): Lifetime {
  const nothing: Lifetime = { by: 'nothing', ms: 0 };
  if (!HEURISTIC_STATUSES.has(status) && !directives.has('public')) return nothing;
  const modified = firstLine(headers, 'last-modified');
  const changed = modified === undefined ? undefined : parseHttpDate(modified, responded);
  if (changed === undefined) return nothing;
  const ms = (dateOf(headers, responded) - changed) * HEURISTIC_SHARE;
  return ms > 0 ? { by: 'heuristic', ms: Math.min(ms, LONGEST_HEURISTIC) } : nothing;
}
