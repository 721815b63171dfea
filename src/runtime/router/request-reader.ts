/**
 * Reads the head of an HTTP/1.x request, strictly (RFC 9112). Whatever two readers might understand
 * differently is refused here, so it can never reach a dyno as something else. Pure.
 */
import { fieldKind, isUnsafe, Kind, trimmed } from './fields.js';
import type { RouterLimits } from './limits.js';
import { HeadFault, RequestHead } from './request-head.js';
import { readRequestLine } from './request-line.js';
import { Gathered, judge } from './request-rules.js';

const REQUEST_ID = /^[A-Za-z0-9+/=-]{20,200}$/;

/**
 * @param text the head in Latin-1, from the request line to the CR LF before the empty line
 * @returns the head; with `fault` when it is refused
 */
export function readRequestHead(text: string, limits: RouterLimits): RequestHead {
  const head = new RequestHead();
  if (isUnsafe(text)) {
    head.fault = new HeadFault(400, 'The head holds a control character.');
    return head;
  }
  const lineEnd = text.indexOf('\r\n');
  const line = lineEnd === -1 ? text : text.slice(0, lineEnd);
  const fields = lineEnd === -1 ? '' : text.slice(lineEnd + 2);
  head.fault = readRequestLine(line, head, limits) ?? readFields(fields, head, limits);
  return head;
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
  return judge(head, found);
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
    case Kind.handover:
      head.handover = value;
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
