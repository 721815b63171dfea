/** What the router changes in a request's header fields (reference section 3.9). Pure. */
import type { RequestHead } from './request-head.js';

/** What the router knows of a request beside its head. */
export interface Passage {
  /** `old, client`: the X-Forwarded-For that the dyno gets. */
  readonly forwardedFor: string;
  readonly requestId: string;
  readonly proto: 'http' | 'https';
  /** Port that the client connected to. */
  readonly port: string;
  /** When the router took the request, ms since the epoch. */
  readonly start: number;
}

/** What the router adds to `Via` of an answer. */
export const VIA = '1.1 heroku-router';

/** `X-Forwarded-For` with the client at its right end. */
export function forwardedFor(old: string, client: string): string {
  return old === '' ? client : `${old}, ${client}`;
}

/**
 * The fields that the dyno gets, flat, all but `Host`. Extends the head's own list: a head goes to a
 * dyno once.
 */
export function requestFields(head: RequestHead, passage: Passage): string[] {
  const { fields } = head;
  fields.push(
    'X-Forwarded-For',
    passage.forwardedFor,
    'X-Forwarded-Proto',
    passage.proto,
    'X-Forwarded-Port',
    passage.port,
    'X-Request-Id',
    passage.requestId,
    'X-Request-Start',
    String(passage.start),
    'Via',
    head.via === '' ? viaOf(head.version) : `${head.via}, ${viaOf(head.version)}`,
  );
  if (head.bodyLength > 0) fields.push('Content-Length', String(head.bodyLength));
  return fields;
}

function viaOf(version: RequestHead['version']): string {
  if (version === 1) return VIA;
  return version === 2 ? '2.0 heroku-router' : '1.0 heroku-router';
}

/** Fields as lines of HTTP/1.1. @param fields flat: name, value, … */
export function fieldLines(fields: readonly string[]): string {
  let text = '';
  for (let index = 0; index < fields.length; index += 2) {
    text += `${fields[index]}: ${fields[index + 1]}\r\n`;
  }
  return text;
}
