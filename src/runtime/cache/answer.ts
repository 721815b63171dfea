/** Turns a stored response into what a request gets: all of it, a part, its header, or 304. Pure. */
import { type CacheStatus, cacheStatusMember } from './cache-status.js';
import { isUnchanged } from './conditional.js';
import { keepFields } from './fields.js';
import type { CacheRequest, Hit, Outcome } from './messages.js';
import { rangeAnswer, slice } from './range.js';
import type { RequestFacts } from './request.js';
import { type StoredResponse, secondsAt } from './stored.js';

/** Fields of a representation that a 304 leaves out: the client has them (RFC 9110 15.4.5). */
const REPRESENTATION_FIELDS = new Set([
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-range',
  'content-type',
  'last-modified',
]);

/** Why a stored response is sent, for Cache-Status and for the router's line. */
export interface AnswerReason extends Omit<CacheStatus, 'key' | 'ttl'> {
  readonly outcome: Outcome;
}

/**
 * The answer that a stored response gives to a request.
 * @param now ms on the clock by which the response was stored
 */
export function answerFrom(
  stored: StoredResponse,
  request: CacheRequest,
  facts: RequestFacts,
  now: number,
  reason: AnswerReason,
): Hit {
  const lines = linesFor(stored, now, reason);
  if (isUnchanged(stored, facts, now)) {
    const tagged = stored.etag !== undefined;
    const kept = keepFields(lines.headers, (name) => {
      return !REPRESENTATION_FIELDS.has(name) || (name === 'last-modified' && !tagged);
    });
    return hit(304, kept, [], 0, lines.member, reason);
  }
  const part =
    request.method === 'GET' ? rangeAnswer(stored, facts, now) : { kind: 'whole' as const };
  if (part.kind === 'whole') {
    const { pieces, length } = stored.body;
    const isHead = request.method === 'HEAD';
    return hit(
      stored.status,
      lines.headers,
      isHead ? [] : pieces,
      isHead ? 0 : length,
      lines.member,
      reason,
    );
  }
  const headers = keepFields(lines.headers, (name) => name !== 'content-length');
  if (part.kind === 'unsatisfiable') {
    headers.push('Content-Range', `bytes */${stored.body.length}`, 'Content-Length', '0');
    return hit(416, headers, [], 0, lines.member, reason);
  }
  const length = part.last - part.first + 1;
  headers.push('Content-Range', `bytes ${part.first}-${part.last}/${stored.body.length}`);
  headers.push('Content-Length', String(length));
  return hit(206, headers, slice(stored.body, part), length, lines.member, reason);
}

/** The answer to `only-if-cached` when nothing stored will do (RFC 9111 5.2.1.7). */
export function notCached(key: string): Hit {
  const member = cacheStatusMember({ key, fwd: 'request', detail: 'only-if-cached' });
  const headers = ['Content-Length', '0', 'Cache-Status', member];
  return hit(504, headers, [], 0, member, { outcome: 'pass' });
}

interface HeaderLines {
  readonly headers: string[];
  readonly member: string;
}

/** The last header lines built for a plain hit on each response: good for a second. */
const built = new WeakMap<StoredResponse, HeaderLines & { readonly age: number }>();

/** The stored lines with Age (RFC 9111 5.1) and Cache-Status. */
export function linesFor(stored: StoredResponse, now: number, reason: AnswerReason): HeaderLines {
  const { age, ttl } = secondsAt(stored, now);
  const isPlain = reason.fwd === undefined && reason.collapsed === undefined && !reason.detail;
  const last = isPlain ? built.get(stored) : undefined;
  if (last !== undefined && last.age === age) return last;
  const { outcome: _, ...told } = reason;
  const member = cacheStatusMember({ ...told, key: stored.key, ttl });
  const headers = [...stored.headers, 'Age', String(age), 'Cache-Status', member];
  if (isPlain) built.set(stored, { headers, member, age });
  return { headers, member };
}

function hit(
  status: number,
  headers: string[],
  body: readonly Uint8Array[],
  length: number,
  cacheStatus: string,
  reason: AnswerReason,
): Hit {
  return {
    status,
    headers,
    body,
    length,
    verdict: { outcome: reason.outcome, status, cacheStatus },
  };
}
