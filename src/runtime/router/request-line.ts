/** The first line of a request (RFC 9112 section 3). Pure. */
import { isToken } from './fields.js';
import type { RouterLimits } from './limits.js';
import { HeadFault, type RequestHead } from './request-head.js';

const TARGET = /^[\x21\x22\x24-\x7e\x80-\xff]+$/;
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::\d{1,5})?$/;

/** True for what a Host field may hold: a name or an address, with or without a port. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** Reads it into the head. @returns why it is refused, if it is */
export function readRequestLine(line: string, head: RequestHead, limits: RouterLimits) {
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
  if (!isHost(host)) return new HeadFault(400, 'The host of the target is not one.');
  head.host = host;
  return undefined;
}
