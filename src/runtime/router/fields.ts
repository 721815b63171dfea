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

const KINDS: readonly (readonly [string, Kind])[] = [
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
];

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110 section 5.6.2. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

const KNOWN_LIMIT = 2000;
const KNOWN_LENGTH = 64;

/** What names mean in one kind of message. */
export class FieldNames<K> {
  private readonly kinds: ReadonlyMap<string, K>;
  /** Names as they were written: most messages repeat a few dozen spellings. */
  private readonly known = new Map<string, K>();

  constructor(
    private readonly plain: K,
    private readonly invalid: K,
    kinds: Iterable<readonly [string, K]>,
  ) {
    this.kinds = new Map(kinds);
  }

  of(name: string): K {
    const kind = this.known.get(name);
    return kind === undefined ? this.learn(name) : kind;
  }

  private learn(name: string): K {
    const kind = isToken(name) ? (this.kinds.get(name.toLowerCase()) ?? this.plain) : this.invalid;
    // Bounded, so that a flood of invented names cannot fill it; and never a slice of a big head.
    if (this.known.size < KNOWN_LIMIT && name.length <= KNOWN_LENGTH) {
      this.known.set(Buffer.from(name, 'latin1').toString('latin1'), kind);
    }
    return kind;
  }
}

const REQUEST_NAMES = new FieldNames<Kind>(Kind.plain, Kind.invalid, KINDS);

/** What a request's field with this name is to the router. */
export function fieldKind(name: string): Kind {
  return REQUEST_NAMES.of(name);
}

/** Those of some trailer fields that may follow the content (RFC 9110 section 6.5.1). @param raw flat */
export function plainFields(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    if (fieldKind(raw[index]!) === Kind.plain) kept.push(raw[index]!, raw[index + 1]!);
  }
  return kept;
}

/** Control bytes, a CR that is not followed by LF, an LF that does not follow a CR. */
const UNSAFE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;

/** True for the text of a head in which two readers might see different lines. */
export function isUnsafe(text: string): boolean {
  return UNSAFE.test(text);
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
