/** What the header lines of a request say to a cache, read in one pass. Pure. */
import { type Directives, parseDirectives } from './directives.js';
import type { CacheRequest, RawHeaders } from './messages.js';

/** Fields that make a server answer another URI, or by another method, than the one that is asked for. */
const REROUTING_FIELDS = new Set([
  'forwarded',
  'front-end-https',
  'x-forwarded-host',
  'x-forwarded-path',
  'x-forwarded-prefix',
  'x-forwarded-protocol',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-uri',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-script-name',
  'x-url-scheme',
]);

/** A request, as far as caching goes. */
export interface RequestFacts {
  /** `Cache-Control`, or what `Pragma: no-cache` means in its absence (RFC 9111 5.4). */
  readonly directives: Directives;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: 'present' | 'absent';
  /** Whether it has a body, which no cache key holds (a "fat GET"). */
  readonly body: 'present' | 'absent';
  /** If-Match and If-Unmodified-Since, which only the origin can judge. */
  readonly precondition: 'present' | 'absent';
  /** What an app may take for the host or path instead of the real ones; empty for honest clients. */
  readonly rerouting: string;
}

const NO_DIRECTIVES: Directives = new Map();
const NO_CACHE: Directives = new Map([['no-cache', true]]);

/** Reads the request's fields. This is on the path of every hit: one pass, no objects per field. */
export function readRequest(request: CacheRequest): RequestFacts {
  const facts = {
    directives: NO_DIRECTIVES,
    ifNoneMatch: undefined as string | undefined,
    ifModifiedSince: undefined as string | undefined,
    range: undefined as string | undefined,
    ifRange: undefined as string | undefined,
    authorization: 'absent' as 'present' | 'absent',
    body: 'absent' as 'present' | 'absent',
    precondition: 'absent' as 'present' | 'absent',
    rerouting: '',
  };
  let cacheControl: string[] | undefined;
  let pragma = '';
  const headers: RawHeaders = request.headers;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const value = headers[at + 1]!;
    const name = headers[at]!.toLowerCase();
    switch (name) {
      case 'cache-control':
        cacheControl = cacheControl ? [...cacheControl, value] : [value];
        break;
      case 'pragma':
        pragma += `,${value}`;
        break;
      case 'if-none-match':
        facts.ifNoneMatch =
          facts.ifNoneMatch === undefined ? value : `${facts.ifNoneMatch}, ${value}`;
        break;
      case 'if-modified-since':
        facts.ifModifiedSince = value;
        break;
      case 'range':
        facts.range = facts.range === undefined ? value : `${facts.range}, ${value}`;
        break;
      case 'if-range':
        facts.ifRange = value;
        break;
      case 'authorization':
        facts.authorization = 'present';
        break;
      case 'if-match':
      case 'if-unmodified-since':
        facts.precondition = 'present';
        break;
      case 'content-length':
        if (value !== '0') facts.body = 'present';
        break;
      case 'transfer-encoding':
        facts.body = 'present';
        break;
      default:
        if (REROUTING_FIELDS.has(name)) facts.rerouting += `${name}:${value}\n`;
    }
  }
  if (cacheControl) facts.directives = parseDirectives(cacheControl);
  else if (pragma !== '' && /(^|,)\s*no-cache\s*(,|$)/i.test(pragma)) facts.directives = NO_CACHE;
  return facts;
}
