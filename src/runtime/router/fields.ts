/** What each header field means to the router, by name. Pure, but for a memory of names. */

/** What becomes of a request's field. */
export enum Kind {
  /** Goes on as it is. */
  plain,
  /** Not a token. */
  invalid,
  host,
  contentLength,
  transferEncoding,
  connection,
  upgrade,
  expect,
  forwardedFor,
  requestId,
  via,
  handover,
  accept,
  cookie,
  /** For one hop only: never goes on. */
  hopByHop,
  /** Written anew by the router. */
  replaced,
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['host', Kind.host],
  ['content-length', Kind.contentLength],
  ['transfer-encoding', Kind.transferEncoding],
  ['connection', Kind.connection],
  ['upgrade', Kind.upgrade],
  ['expect', Kind.expect],
  ['x-forwarded-for', Kind.forwardedFor],
  ['x-request-id', Kind.requestId],
  ['via', Kind.via],
  ['paas-handover', Kind.handover],
  ['accept', Kind.accept],
  ['cookie', Kind.cookie],
  ['te', Kind.hopByHop],
  ['trailer', Kind.hopByHop],
  ['keep-alive', Kind.hopByHop],
  ['proxy-connection', Kind.hopByHop],
  ['proxy-authorization', Kind.hopByHop],
  ['http2-settings', Kind.hopByHop],
  ['x-forwarded-proto', Kind.replaced],
  ['x-forwarded-port', Kind.replaced],
  ['x-request-start', Kind.replaced],
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110 section 5.6.2. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Names as they were written, and what they mean: most requests repeat a few dozen spellings. */
const known = new Map<string, Kind>();
const KNOWN_LIMIT = 2000;
const KNOWN_LENGTH = 64;

/** What a field with this name is to the router. */
export function fieldKind(name: string): Kind {
  const kind = known.get(name);
  return kind === undefined ? learn(name) : kind;
}

function learn(name: string): Kind {
  const kind = isToken(name) ? (KINDS.get(name.toLowerCase()) ?? Kind.plain) : Kind.invalid;
  // Bounded, so that a flood of invented names cannot fill it; and never a slice of a big head.
  if (known.size < KNOWN_LIMIT && name.length <= KNOWN_LENGTH) {
    known.set(Buffer.from(name, 'latin1').toString('latin1'), kind);
  }
  return kind;
}

/**
 * The part of `text` from `start` to `end` without the spaces and tabs around it. `trim()` would also
 * take the byte A0, which is half of a letter in UTF-8.
 */
export function trimmed(text: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isBlank(text.charCodeAt(first))) first += 1;
  while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1;
  return text.slice(first, last);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
