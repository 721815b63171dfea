/** Ranges out of a whole stored body (RFC 9110 14). Pure. */
import { parseHttpDate } from './dates.js';
import { firstLine } from './fields.js';
import type { RequestFacts } from './request.js';
import type { StoredBody, StoredResponse } from './stored.js';

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export type RangeAnswer = { readonly kind: 'whole' } | { readonly kind: 'unsatisfiable' } | Part;

type Part = { readonly kind: 'part' } & ByteRange;

/**
 * Which part of a stored response a request wants. A Range that is no single byte range is ignored, as
 * a server may (RFC 9110 14.2); so is one whose If-Range does not hold.
 */
export function rangeAnswer(stored: StoredResponse, facts: RequestFacts, now: number): RangeAnswer {
  const whole: RangeAnswer = { kind: 'whole' };
  if (facts.range === undefined || stored.status !== 200) return whole;
  if (facts.ifRange !== undefined && !holdsIfRange(stored, facts.ifRange, now)) return whole;
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(facts.range);
  if (!match || (match[1] === '' && match[2] === '')) return whole;
  return byteRange(match[1]!, match[2]!, stored.body.length) ?? whole;
}

/** The pieces of a body between two bytes, cut without copying. */
export function slice(body: StoredBody, range: ByteRange): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const piece of body.pieces) {
    const from = Math.max(range.first - start, 0);
    const to = Math.min(range.last + 1 - start, piece.byteLength);
    if (from < to) pieces.push(piece.subarray(from, to));
    start += piece.byteLength;
    if (start > range.last) break;
  }
  return pieces;
}

function byteRange(from: string, to: string, length: number): RangeAnswer | undefined {
  if (from === '') {
    const suffix = Number(to);
    if (suffix === 0 || length === 0) return { kind: 'unsatisfiable' };
    return { kind: 'part', first: Math.max(0, length - suffix), last: length - 1 };
  }
  const first = Number(from);
  const last = to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= length ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}

/** Strong comparison only: a weak tag or a date that may be too coarse does not do (RFC 9110 13.1.5). */
function holdsIfRange(stored: StoredResponse, ifRange: string, now: number): boolean {
  if (ifRange.startsWith('"')) return stored.etag === ifRange;
  const date = parseHttpDate(ifRange, now);
  return date !== undefined && firstLine(stored.headers, 'last-modified') === ifRange;
}
