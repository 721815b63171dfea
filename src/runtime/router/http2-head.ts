/** Reads the head of an HTTP/2 request into what a dyno is asked in HTTP/1.1 (RFC 9113 section 8.3). Pure. */
import { fieldKind, isToken, isUnsafe, Kind } from './fields.js';
import { CHUNKED, HeadFault, RequestHead } from './request-head.js';
import { isHost } from './request-line.js';
import { UNKNOWN_EXPECTATION } from './request-rules.js';

const TWO_HOSTS = new HeadFault(400, 'A request has at most one Host field.');
/** nghttp2 leaves such fields out today; nothing here shall depend on it. */
const UNSAFE = new HeadFault(400, 'A field holds a control character.');

/** @param raw flat: name, value, … pseudo-fields first. @param ended no body follows */
export function readHttp2Head(raw: readonly string[], ended: boolean): RequestHead {
  const head = new RequestHead();
  head.version = 2;
  head.bodyLength = ended ? 0 : CHUNKED;
  let host = '';
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!;
    const value = raw[index + 1]!;
    if (name.startsWith(':')) pseudo(name, value, head);
    else if (isUnsafe(value) || value.includes('\n') || fieldKind(name) === Kind.invalid) {
      head.fault = UNSAFE;
    } else {
      const told = take(name, value, head);
      if (told !== undefined && host !== '') head.fault = TWO_HOSTS;
      host = told ?? host;
    }
  }
  if (head.host === '') head.host = host;
  if (head.cookie !== '') head.fields.push('cookie', head.cookie);
  head.path = head.target;
  head.fault = judge(head, host) ?? head.fault;
  return head;
}

function pseudo(name: string, value: string, head: RequestHead): void {
  if (name === ':method') head.method = value;
  else if (name === ':path') head.target = value;
  else if (name === ':authority') head.host = value;
}

/** @returns the value of Host */
function take(name: string, value: string, head: RequestHead): string | undefined {
  switch (fieldKind(name)) {
    case Kind.host:
      return value;
    case Kind.contentLength:
      if (head.bodyLength === CHUNKED && /^\d{1,15}$/.test(value)) head.bodyLength = Number(value);
      return undefined;
    case Kind.forwardedFor:
      head.forwardedFor += head.forwardedFor === '' ? value : `, ${value}`;
      return undefined;
    case Kind.requestId:
      head.requestId = /^[A-Za-z0-9+/=-]{20,200}$/.test(value) ? value : '';
      return undefined;
    case Kind.via:
      head.via += head.via === '' ? value : `, ${value}`;
      return undefined;
    case Kind.cookie:
      // HTTP/2 may split it (RFC 9113 section 8.2.3); HTTP/1.1 has one.
      head.cookie += head.cookie === '' ? value : `; ${value}`;
      return undefined;
    case Kind.expect:
      head.expectsContinue = value.toLowerCase() === '100-continue';
      if (!head.expectsContinue) head.fault = UNKNOWN_EXPECTATION;
      return undefined;
    case Kind.accept:
      head.accept = value;
      break;
    case Kind.plain:
      break;
    default:
      return undefined; // fields of a connection have no meaning here
  }
  head.fields.push(name, value);
  return undefined;
}

function judge(head: RequestHead, host: string): HeadFault | undefined {
  if (!isToken(head.method)) return new HeadFault(400, 'The method is not a token.');
  if (head.method === 'CONNECT' || head.method === 'TRACE') {
    return new HeadFault(405, `${head.method} is not served here.`);
  }
  const star = head.target === '*' && head.method === 'OPTIONS';
  if (!star && !/^\/[\x21\x22\x24-\x7e\x80-\xff]*$/.test(head.target)) {
    return new HeadFault(400, 'The path is not one.');
  }
  const same = host === '' || host.toLowerCase() === head.host.toLowerCase();
  return isHost(head.host) && same ? undefined : new HeadFault(400, 'The authority is not a host.');
}
