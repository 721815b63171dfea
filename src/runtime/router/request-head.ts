/**
 * Reads the head of an HTTP/1.x request, strictly (RFC 9112). Whatever two readers might understand
 * differently is refused here, so it can never reach a dyno as something else. Pure.
 */
import { fieldKind, isToken, Kind, trimmed } from './fields.js';
import type { RouterLimits } from './limits.js';

/** A request's head, checked. */
export class RequestHead {
  method = 'GET';
  /** As the client wrote it; for the log. */
  target = '/';
  /** What the dyno is asked for: origin form, or `*`. */
  path = '/';
  /** Value for the Host field: of the absolute-form target if there is one. */
  host = '';
  /** HTTP/1.`minor` of the client; 2 stands for HTTP/2. */
  version: 0 | 1 | 2 = 1;
  /** End-to-end fields, flat: name, value, … Without those that the router writes itself. */
  fields: string[] = [];
  /** Bytes of body to come; CHUNKED when only the coding tells. */
  bodyLength = 0;
  /** Whether the client's connection may carry another request. */
  keepAlive = true;
  /** Protocol of `Upgrade`, when `Connection` names it too; else empty. */
  upgrade = '';
  expectsContinue = false;
  forwardedFor = '';
  requestId = '';
  via = '';
  accept = '';
  cookie = '';
  /** Why the request is refused, if it is; what was read until then stands in the other fields. */
  fault: HeadFault | undefined;
}

/** `bodyLength` of a chunked body. */
export const CHUNKED = -1;

/** Why a head was refused: status of the answer, `cause=` of the log line, and a sentence. */
export class HeadFault {
  constructor(
    readonly status: 400 | 405 | 414 | 417 | 505,
    readonly sentence: string,
    readonly cause = 'bad header',
  ) {}
}

/** Control bytes, a CR that is not followed by LF, an LF that does not follow a CR. */
const UNSAFE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;
const TARGET = /^[\x21\x22\x24-\x7e\x80-\xff]+$/;
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::\d{1,5})?$/;
const REQUEST_ID = /^[A-Za-z0-9+/=-]{20,200}$/;

/**
 * @param text the head in Latin-1, from the request line to the CR LF before the empty line
 * @returns the head; with `fault` when it is refused
 */
export function readRequestHead(text: string, limits: RouterLimits): RequestHead {
  const head = new RequestHead();
  if (UNSAFE.test(text)) {
    head.fault = new HeadFault(400, 'The head holds a control character.');
    return head;
  }
  const lineEnd = text.indexOf('\r\n');
  const line = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const fields = lineEnd === -1 ? '' : text.slice(lineEnd + 2);
  head.fault = readRequestLine(line, head, limits) ?? readFields(fields, head, limits);
  return head;
}

function readRequestLine(line: string, head: RequestHead, limits: RouterLimits) {
  if (line.length > limits.requestLine) return new HeadFault(414, 'The request line is too long.');
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const version = line.slice(last + 1);
  if (first <= 0 || last === first || !/^HTTP\/\d\.\d$/.test(version)) {
    return new HeadFault(400, 'The request line is not METHOD target HTTP/1.1.');
  }
  if (version[5] !== '1') return new HeadFault(505, 'Only HTTP/1.1 is spoken here.');
  head.version = version[7] === '0' ? 0 : 1;
  const method = line.slice(0, first);
  if (method.length > limits.method || !isToken(method)) {
    return new HeadFault(400, 'The method is not a token.');
  }
  head.method = method;
  head.target = line.slice(first + 1, last);
  // A tunnel has no place before an app, and TRACE would hand cookies back to a script (RFC 9110 9.3.8).
  if (head.method === 'CONNECT' || head.method === 'TRACE') {
    return new HeadFault(405, `${head.method} is not served here.`);
  }
  return readTarget(head);
}

/** RFC 9112 section 3.2: origin form, absolute form (its authority is the host), `*` for OPTIONS. */
function readTarget(head: RequestHead): HeadFault | undefined {
  const { target } = head;
  if (!TARGET.test(target)) return new HeadFault(400, 'The target holds a forbidden character.');
  if (target.charCodeAt(0) === 0x2f || (target === '*' && head.method === 'OPTIONS')) {
    head.path = target;
    return undefined;
  }
  const absolute = /^https?:\/\/([^/?]*)(.*)$/i.exec(target);
  if (!absolute) return new HeadFault(400, 'The target is not a path.');
  const host = absolute[1]!;
  const rest = absolute[2]!;
  if (rest === '' && head.method === 'OPTIONS') head.path = '*';
  else head.path = rest.startsWith('/') ? rest : `/${rest}`;
  if (!HOST.test(host)) return new HeadFault(400, 'The host of the target is not one.');
  head.host = host;
  return undefined;
}

/** What is gathered from the fields before it can be judged. */
class Gathered {
  hosts = 0;
  host = '';
  lengths = 0;
  length = '';
  codings = 0;
  coding = '';
  connection = '';
  upgrade = '';
  expect = '';
}

function readFields(text: string, head: RequestHead, limits: RouterLimits): HeadFault | undefined {
  const found = new Gathered();
  let count = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\r\n', start);
    if (end === -1) end = text.length;
    count += 1;
    if (end - start > limits.headerLine || count > limits.headerCount) {
      return new HeadFault(400, 'The header fields are too long or too many.');
    }
    const colon = text.indexOf(':', start);
    if (colon <= start || colon >= end || colon - start > limits.headerName) {
      return new HeadFault(400, 'A header line has no name.');
    }
    const name = text.slice(start, colon);
    const kind = fieldKind(name);
    if (kind === Kind.invalid) return new HeadFault(400, 'A header name is not a token.');
    take(kind, name, trimmed(text, colon + 1, end), head, found);
    start = end + 2;
  }
  return judgeHost(head, found) ?? judgeBody(head, found) ?? judgeConnection(head, found);
}

function take(kind: Kind, name: string, value: string, head: RequestHead, found: Gathered): void {
  switch (kind) {
    case Kind.host:
      found.hosts += 1;
      found.host = value;
      return;
    case Kind.contentLength:
      found.lengths += 1;
      found.length = value;
      return;
    case Kind.transferEncoding:
      found.codings += 1;
      found.coding = value;
      return;
    case Kind.connection:
      found.connection += found.connection === '' ? value : `,${value}`;
      return;
    case Kind.upgrade:
      found.upgrade = value;
      return;
    case Kind.expect:
      found.expect = value;
      return;
    case Kind.forwardedFor:
      head.forwardedFor += head.forwardedFor === '' ? value : `, ${value}`;
      return;
    case Kind.requestId:
      if (REQUEST_ID.test(value)) head.requestId = value;
      return;
    case Kind.via:
      head.via += head.via === '' ? value : `, ${value}`;
      return;
    case Kind.hopByHop:
    case Kind.replaced:
      return;
    case Kind.accept:
      head.accept = value;
      break;
    case Kind.cookie:
      head.cookie += head.cookie === '' ? value : `; ${value}`;
      break;
    default:
  }
  head.fields.push(name, value);
}

function judgeHost(head: RequestHead, found: Gathered): HeadFault | undefined {
  if (found.hosts !== 1) return new HeadFault(400, 'A request has exactly one Host field.');
  if (!HOST.test(found.host)) return new HeadFault(400, 'The Host field is not a host.');
  if (head.host === '') head.host = found.host;
  return undefined;
}

/** RFC 9112 section 6.3. Where a server might choose between two readings, we refuse. */
function judgeBody(head: RequestHead, found: Gathered): HeadFault | undefined {
  if (found.codings > 0) {
    if (found.codings > 1 || found.lengths > 0 || head.version === 0) {
      return new HeadFault(400, 'Transfer-Encoding is ambiguous here.');
    }
    if (found.coding.toLowerCase() !== 'chunked') {
      return new HeadFault(400, 'The only transfer coding is chunked.');
    }
    head.bodyLength = CHUNKED;
    return undefined;
  }
  if (found.lengths === 0) return undefined;
  if (found.lengths > 1 || !/^\d{1,15}$/.test(found.length)) {
    return new HeadFault(400, 'Content-Length is not one number.');
  }
  head.bodyLength = Number(found.length);
  return undefined;
}

function judgeConnection(head: RequestHead, found: Gathered): HeadFault | undefined {
  if (found.expect !== '') {
    if (found.expect.toLowerCase() !== '100-continue') {
      return new HeadFault(
        417,
        'Only 100-continue can be expected.',
        'unsupported expect header value',
      );
    }
    head.expectsContinue = head.version === 1 && head.bodyLength !== 0;
  }
  const options = found.connection === '' ? [] : connectionOptions(found.connection);
  head.keepAlive = head.version === 1 ? !options.includes('close') : options.includes('keep-alive');
  if (options.includes('upgrade')) {
    if (found.upgrade === '')
      return new HeadFault(400, 'Connection names Upgrade, but there is none.');
    head.upgrade = upgradeOf(head, found.upgrade);
  }
  if (options.length > 0) head.fields = withoutNamed(head.fields, options);
  return undefined;
}

function connectionOptions(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
}

/**
 * The protocol to offer to the dyno. HTTP/2 without TLS is not offered on (RFC 9113 3.1 took it
 * back), HTTP/1.0 cannot upgrade, and a body in front of an upgrade is read as a plain request.
 */
function upgradeOf(head: RequestHead, value: string): string {
  const usable = head.version === 1 && head.bodyLength === 0 && !/^h2c?$/i.test(value);
  return usable ? value : '';
}

/** RFC 9110 section 7.6.1: what `Connection` names is for us alone. */
function withoutNamed(fields: string[], options: readonly string[]): string[] {
  const named = options.filter(
    (option) => option !== 'close' && option !== 'keep-alive' && option !== 'upgrade',
  );
  if (named.length === 0) return fields;
  const kept: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    if (!named.includes(fields[index]!.toLowerCase()))
      kept.push(fields[index]!, fields[index + 1]!);
  }
  return kept;
}
