/** Reads the head of a dyno's answer, strictly (RFC 9112 sections 4 to 6). Pure. */
import { FAULTS, type RouterFault, restricted } from './errors.js';
import { FieldNames, isUnsafe, trimmed } from './fields.js';
import { VIA } from './headers.js';
import type { RouterLimits } from './limits.js';

/** `contentLength` of an answer whose length no field tells. */
export const UNTOLD = -1;

/** The head of a dyno's answer as it goes on. */
export class ResponseHead {
  /** End-to-end fields, flat, Content-Length not among them. */
  readonly fields: string[] = [];
  contentLength = UNTOLD;
  /** What tells where the body ends, where it may have one. */
  framing: 'counted' | 'chunked' | 'close' = 'close';
  /** How long the connection may wait for its next request, ms; 0 when the dyno closes it. */
  idleFor = 0;

  constructor(
    readonly status: number,
    readonly reason: string,
    /** Bytes that the head took on the dyno's connection. */
    readonly bytes: number,
  ) {}
}

enum Answer {
  plain,
  invalid,
  hopByHop,
  connection,
  keepAlive,
  contentLength,
  transferEncoding,
  via,
  setCookie,
  server,
}

const NAMES = new FieldNames<Answer>(Answer.plain, Answer.invalid, [
  ['connection', Answer.connection],
  ['keep-alive', Answer.keepAlive],
  ['content-length', Answer.contentLength],
  ['transfer-encoding', Answer.transferEncoding],
  ['via', Answer.via],
  ['set-cookie', Answer.setCookie],
  ['server', Answer.server],
  ['proxy-connection', Answer.hopByHop],
  ['te', Answer.hopByHop],
  ['http2-settings', Answer.hopByHop],
  ['upgrade', Answer.hopByHop],
]);

/** RFC 9110 section 15: a status code has three digits and is one of five classes. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
/** Nothing that Latin-1 could turn into another byte: a status line must stay one line. */
const PRINTABLE = /^[\t\x20-\x7e]*$/;

/** What the fields say about the connection, before it is judged. */
interface Gathered {
  server: 'told' | 'untold';
  via: string;
  connection: string;
  keepAlive: string;
  coding: string | undefined;
}

/**
 * Reads a head.
 * @param text in Latin-1, from the status line to the last field, without the empty line
 * @returns the head as the client gets it, or why the answer is refused
 */
export function readResponseHead(text: string, limits: RouterLimits): ResponseHead | RouterFault {
  const lineEnd = text.indexOf('\r\n');
  const line = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const parts = STATUS_LINE.exec(line);
  if (!parts || isUnsafe(text)) return FAULTS.H17;
  if (line.length > limits.statusLine) return restricted('oversized status line');
  const reason = parts[3] ?? '';
  const head = new ResponseHead(
    Number(parts[2]),
    PRINTABLE.test(reason) ? reason : '',
    text.length + 4,
  );
  const found: Gathered = {
    server: 'untold',
    via: '',
    connection: '',
    keepAlive: '',
    coding: undefined,
  };
  const fault = lineEnd === -1 ? undefined : readFields(text, lineEnd + 2, head, found, limits);
  return fault ?? judge(head, found, parts[1] === '1', limits);
}

function readFields(
  text: string,
  from: number,
  head: ResponseHead,
  found: Gathered,
  limits: RouterLimits,
): RouterFault | undefined {
  for (let start = from; start < text.length; ) {
    let end = text.indexOf('\r\n', start);
    if (end === -1) end = text.length;
    if (end - start > limits.responseHeaderLine) return restricted('oversized header');
    const colon = text.indexOf(':', start);
    if (colon <= start || colon >= end) return FAULTS.H17;
    const name = text.slice(start, colon);
    const value = trimmed(text, colon + 1, end);
    const kind = NAMES.of(name);
    if (kind === Answer.setCookie && end - start > limits.setCookieLine)
      return restricted('oversized cookie');
    const fault = kind === Answer.plain ? undefined : take(kind, value, head, found);
    if (fault) return fault;
    if (kind === Answer.plain || kind === Answer.setCookie || kind === Answer.server)
      head.fields.push(name, value);
    start = end + 2;
  }
  return undefined;
}

function take(
  kind: Answer,
  value: string,
  head: ResponseHead,
  found: Gathered,
): RouterFault | undefined {
  switch (kind) {
    case Answer.invalid:
      return FAULTS.H17;
    case Answer.contentLength:
      if (
        !/^\d{1,15}$/.test(value) ||
        (head.contentLength !== UNTOLD && head.contentLength !== +value)
      )
        return restricted('invalid content length');
      head.contentLength = +value;
      break;
    case Answer.transferEncoding:
      if (found.coding !== undefined) return FAULTS.H17;
      found.coding = value;
      break;
    case Answer.connection:
      found.connection += `${value},`;
      break;
    case Answer.keepAlive:
      found.keepAlive = value;
      break;
    case Answer.via:
      found.via += `${value}, `;
      break;
    case Answer.server:
      found.server = 'told';
      break;
    default:
  }
  return undefined;
}

/** What the fields mean together (RFC 9112 sections 6.3 and 9.3). */
function judge(
  head: ResponseHead,
  found: Gathered,
  persistent: boolean,
  limits: RouterLimits,
): ResponseHead | RouterFault {
  if (found.coding !== undefined) {
    if (head.contentLength !== UNTOLD) return restricted('invalid content length');
    const coding = found.coding.toLowerCase();
    // Chunks inside another coding could not be undone for the client; in HTTP/1.0 there are none.
    if (!persistent || (coding !== 'chunked' && coding.includes('chunked'))) return FAULTS.H17;
    // Any other coding: the body ends with the connection (RFC 9112 section 6.3, rule 4).
    if (coding === 'chunked') head.framing = 'chunked';
  } else if (head.contentLength !== UNTOLD) {
    head.framing = 'counted';
  }
  const options = found.connection === '' ? [] : optionsOf(found.connection);
  if (options.length > 0) dropNamed(head.fields, options);
  if (persistent ? !options.includes('close') : options.includes('keep-alive'))
    head.idleFor = idleTime(found.keepAlive, limits);
  if (head.status < 200) return head;
  if (found.server === 'untold') head.fields.push('Server', 'Heroku');
  head.fields.push('Via', found.via + VIA);
  return head;
}

/** A dyno that tells when it will close is believed, and left a second before it does. */
function idleTime(keepAlive: string, limits: RouterLimits): number {
  const told = keepAlive === '' ? null : /(?:^|[,;\s])timeout=(\d{1,9})/i.exec(keepAlive);
  return told
    ? Math.min(limits.dynoIdle, Math.max(0, Number(told[1]) - 1) * 1000)
    : limits.dynoIdle;
}

function optionsOf(connection: string): string[] {
  return connection
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
}

/** RFC 9110 section 7.6.1: what `Connection` names is for us alone. */
function dropNamed(fields: string[], named: readonly string[]): void {
  for (let index = fields.length - 2; index >= 0; index -= 2) {
    if (named.includes(fields[index]!.toLowerCase())) fields.splice(index, 2);
  }
}

/** True for answers that have no body whatever their fields say (RFC 9112 section 6.3). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || status < 200;
}
