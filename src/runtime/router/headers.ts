/** What the router changes in header fields, both ways (reference section 3.9). Pure. */
import { type RouterFault, restricted } from './errors.js';
import type { RouterLimits } from './limits.js';
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

const VIA = '1.1 heroku-router';

/** `X-Forwarded-For` with the client at its right end. */
export function forwardedFor(old: string, client: string): string {
  return old === '' ? client : `${old}, ${client}`;
}

/**
 * The fields that the dyno gets, flat, `Host` first. Extends the head's own list: a head goes to a
 * dyno once.
 */
export function requestFields(head: RequestHead, passage: Passage): string[] {
  const { fields } = head;
  fields.push(
    'Host',
    head.host,
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

/** The head of a dyno's answer as it goes on. */
export class ResponseHead {
  /** End-to-end fields, flat, Content-Length not among them. */
  readonly fields: string[] = [];
  /** -1 when only the end of the answer tells. */
  contentLength = -1;
  /** Bytes that the head took on the dyno's connection, closely. */
  bytes = 17;

  constructor(
    readonly status: number,
    readonly reason: string,
  ) {}
}

/**
 * Reads the fields of a dyno's answer.
 * @param raw flat: name, value, … as they came
 * @returns the head as the client gets it, or why the answer is refused
 */
export function readResponseHead(
  status: number,
  reason: string,
  raw: readonly Buffer[],
  limits: RouterLimits,
): ResponseHead | RouterFault {
  if (reason.length > limits.statusLine) return restricted('oversized status line');
  const head = new ResponseHead(status, PRINTABLE.test(reason) ? reason : '');
  let server = false;
  let via = '';
  let connection = '';
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toString('latin1');
    const value = raw[index + 1]!.toString('latin1');
    const size = name.length + value.length + 4;
    head.bytes += size;
    if (size > limits.responseHeaderLine) return restricted('oversized header');
    switch (answerKind(name)) {
      case Answer.hopByHop:
        continue;
      case Answer.connection:
        connection += `${value},`;
        continue;
      case Answer.contentLength:
        if (
          !/^\d{1,15}$/.test(value) ||
          (head.contentLength !== -1 && head.contentLength !== +value)
        )
          return restricted('invalid content length');
        head.contentLength = +value;
        continue;
      case Answer.via:
        via += `${value}, `;
        continue;
      case Answer.setCookie:
        if (size > limits.setCookieLine) return restricted('oversized cookie');
        break;
      case Answer.server:
        server = true;
        break;
      default:
    }
    head.fields.push(name, value);
  }
  if (connection !== '') dropNamed(head.fields, connection.toLowerCase());
  if (status >= 200) {
    if (!server) head.fields.push('Server', 'Heroku');
    head.fields.push('Via', via + VIA);
  }
  return head;
}

/** Nothing that Latin-1 could turn into another byte: a status line must stay one line. */
const PRINTABLE = /^[\t\x20-\x7e]*$/;

enum Answer {
  plain,
  hopByHop,
  connection,
  contentLength,
  via,
  setCookie,
  server,
}

const ANSWERS: ReadonlyMap<string, Answer> = new Map([
  ['connection', Answer.connection],
  ['content-length', Answer.contentLength],
  ['via', Answer.via],
  ['set-cookie', Answer.setCookie],
  ['server', Answer.server],
  ['keep-alive', Answer.hopByHop],
  ['proxy-connection', Answer.hopByHop],
  ['te', Answer.hopByHop],
  ['transfer-encoding', Answer.hopByHop],
  ['upgrade', Answer.hopByHop],
]);

/** Only names as long as one of the table's are looked up. */
const LENGTHS = new Set([...ANSWERS.keys()].map((name) => name.length));

function answerKind(name: string): Answer {
  if (!LENGTHS.has(name.length)) return Answer.plain;
  return ANSWERS.get(name) ?? ANSWERS.get(name.toLowerCase()) ?? Answer.plain;
}

function dropNamed(fields: string[], connection: string): void {
  const named = connection.split(',').map((option) => option.trim());
  for (let index = fields.length - 2; index >= 0; index -= 2) {
    if (named.includes(fields[index]!.toLowerCase())) fields.splice(index, 2);
  }
}

/** True for answers that have no body whatever their fields say (RFC 9112 section 6.3). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || status < 200;
}
