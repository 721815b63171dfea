/** Conditional requests: the client's, answered here, and ours to the origin (RFC 9111 4.3). Pure. */

import { parseHttpDate } from './dates.js';
import { firstLine, keepFields, storableFields } from './fields.js';
import { dateOf } from './freshness.js';
import type { RawHeaders } from './messages.js';
import type { RequestFacts } from './request.js';
import type { StoredResponse } from './stored.js';

/** Most entity tags that a validation carries; more variants than that are fetched anew. */
const MOST_TAGS = 16;

const CLIENT_CONDITIONS = new Set(['if-none-match', 'if-modified-since', 'if-range', 'range']);

/** Fields that describe the stored body, which a 304 does not replace (RFC 9111 3.2). */
const BODY_FIELDS = new Set(['content-encoding', 'content-length', 'content-range']);

/**
 * Whether the client has this representation already, so that 304 answers it (RFC 9110 13.2.2).
 * If-None-Match decides alone where it is present.
 */
export function isUnchanged(
  stored: Pick<StoredResponse, 'status' | 'headers'>,
  facts: RequestFacts,
  now: number,
): boolean {
  if (stored.status < 200 || stored.status > 299) return false;
  if (facts.ifNoneMatch !== undefined) {
    const etag = firstLine(stored.headers, 'etag');
    return listsTag(facts.ifNoneMatch, etag);
  }
  if (facts.ifModifiedSince === undefined) return false;
  const since = parseHttpDate(facts.ifModifiedSince, now);
  if (since === undefined) return false;
  const modified = firstLine(stored.headers, 'last-modified');
  const changed = modified === undefined ? undefined : parseHttpDate(modified, now);
  return (changed ?? dateOf(stored.headers, now)) <= since;
}

/** True when there is something to ask the origin about: an entity tag or a date of last change. */
export function hasValidator(stored: StoredResponse): boolean {
  return stored.etag !== undefined || stored.lastModified !== undefined;
}

/**
 * The client's header lines with our conditions in place of its own.
 * @param current the response to validate
 * @param others variants that the origin may choose from by entity tag, when there is no current one
 */
export function validationHeaders(
  headers: RawHeaders,
  current: StoredResponse | undefined,
  others: readonly StoredResponse[],
): string[] {
  const kept = keepFields(headers, (name) => !CLIENT_CONDITIONS.has(name));
  const asked = current === undefined ? others : [current];
  const tags = new Set(asked.flatMap(({ etag }) => (etag === undefined ? [] : [etag])));
  if (tags.size > 0) kept.push('If-None-Match', [...tags].slice(0, MOST_TAGS).join(', '));
  if (current?.lastModified !== undefined) kept.push('If-Modified-Since', current.lastModified);
  return kept;
}

/** Which of the responses that were validated a 304 speaks of (RFC 9111 4.3.4). */
export function selectByNotModified(
  headers: RawHeaders,
  candidates: readonly StoredResponse[],
): StoredResponse | undefined {
  const etag = firstLine(headers, 'etag');
  if (etag !== undefined) {
    const weak = isWeak(etag);
    return newest(
      candidates.filter((stored) => {
        if (stored.etag === undefined) return false;
        return weak ? sameTag(stored.etag, etag) : stored.etag === etag;
      }),
    );
  }
  const modified = firstLine(headers, 'last-modified');
  if (modified !== undefined) {
    return newest(candidates.filter((stored) => stored.lastModified === modified));
  }
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The stored fields, each replaced by those that the newer response has (RFC 9111 3.2). */
export function updatedFields(stored: RawHeaders, received: RawHeaders): string[] {
  const fresh = keepFields(storableFields(received, []), (name) => !BODY_FIELDS.has(name));
  const replaced = new Set<string>();
  for (let at = 0; at < fresh.length; at += 2) replaced.add(fresh[at]!.toLowerCase());
  return [...keepFields(stored, (name) => !replaced.has(name)), ...fresh];
}

/**
 * Whether a 200 to HEAD is about this stored GET response (RFC 9111 4.3.5): no validator and no length
 * that it has may differ.
 */
export function isSameRepresentation(stored: StoredResponse, head: RawHeaders): boolean {
  return ['etag', 'last-modified', 'content-length'].every((name) => {
    const received = firstLine(head, name);
    return received === undefined || received === firstLine(stored.headers, name);
  });
}

/** The one with the latest Date. */
export function newest(candidates: readonly StoredResponse[]): StoredResponse | undefined {
  let best: StoredResponse | undefined;
  let bestDate = 0;
  for (const stored of candidates) {
    const date = dateOf(stored.headers, stored.receivedAt);
    if (best === undefined || date > bestDate) [best, bestDate] = [stored, date];
  }
  return best;
}

/** True when a list of entity tags holds this one, compared weakly (RFC 9110 8.8.3.2), or is `*`. */
function listsTag(list: string, etag: string | undefined): boolean {
  if (list.trim() === '*') return true;
  if (etag === undefined) return false;
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => sameTag(tag, etag)) || list.trim() === etag;
}

function sameTag(one: string, other: string): boolean {
  return (isWeak(one) ? one.slice(2) : one) === (isWeak(other) ? other.slice(2) : other);
}

function isWeak(etag: string): boolean {
  return etag.startsWith('W/');
}
