/** What a shared cache may store, and for what it may be used (RFC 9111 3 and 4). Pure. */
import {
  type Directives,
  isUnqualified,
  namedFields,
  parseDirectives,
  seconds,
} from './directives.js';
import { firstLine, lines } from './fields.js';
import { lifetime } from './freshness.js';
import type { RawHeaders } from './messages.js';
import type { RequestFacts } from './request.js';
import { targetedDirectives } from './targeted.js';
import { varyFields } from './vary.js';

/** Statuses whose meaning for caching is known here, for `must-understand` (RFC 9111 5.2.2.3). */
const UNDERSTOOD = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 451, 500, 501, 502,
  503, 504,
]);

/** For how long a stale response stands in for dynos that do not answer at all (Varnish's grace). */
const GRACE = 10_000;

/** Why a response is not stored; shown in Cache-Status and in the statistics. */
export type Refusal =
  | 'method'
  | 'request-no-store'
  | 'router-error'
  | 'not-final'
  | 'partial-content'
  | 'not-modified'
  | 'no-store'
  | 'not-understood'
  | 'private'
  | 'authorization'
  | 'set-cookie'
  | 'vary-star'
  | 'no-explicit-freshness'
  | 'already-stale'
  | 'too-large'
  | 'no-room';

/** What a stored response may be used for. Times in ms. */
export interface Permission {
  readonly lifetime: number;
  /** `validated`: no-cache, each use needs the origin's word. `stale`: also after its lifetime. */
  readonly use: 'validated' | 'fresh' | 'stale';
  readonly staleWhileRevalidate: number;
  /** When the origin answers 500, 502, 503 or 504. */
  readonly staleIfError: number;
  /** When no dyno answers. */
  readonly staleIfUnreachable: number;
  /** Whether a client's reload is worth a question while it is fresh (RFC 8246). */
  readonly change: 'possible' | 'immutable';
  /** Whether requests with Authorization may have it (RFC 9111 3.5). */
  readonly audience: 'anonymous' | 'everyone';
  /** Fields of a qualified no-cache or private, which are not stored. */
  readonly withheld: readonly string[];
}

export type StoreDecision =
  | { readonly store: 'yes'; readonly permission: Permission; readonly vary: readonly string[] }
  | { readonly store: 'no'; readonly because: Refusal };

/** A response as its status line and header tell. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: RawHeaders;
}

/** Freshness that is stated only, or guessed where nothing is stated (RFC 9111 4.2.2). */
export type Freshness = 'explicit' | 'heuristic';

/**
 * Whether a response to a GET may be stored, and for what it may then be used (RFC 9111 3).
 * @param responded when its header came, in ms since the epoch
 */
export function mayStore(
  facts: RequestFacts,
  response: ResponseHead,
  freshness: Freshness,
  responded: number,
): StoreDecision {
  const { status, headers } = response;
  const targeted = targetedDirectives(headers);
  const directives = targeted ?? parseDirectives(lines(headers, 'cache-control'));
  const refusal =
    refusalOfRequest(facts, directives) ?? refusalOfResponse(status, headers, directives, targeted);
  if (refusal !== undefined) return { store: 'no', because: refusal };
  const vary = varyFields(headers);
  if (vary === undefined) return { store: 'no', because: 'vary-star' };

  const fresh = lifetime(status, headers, directives, targeted !== undefined, responded);
  const counts = fresh.by === 'response' || freshness === 'heuristic';
  const permission = permissionOf(directives, counts ? fresh.ms : 0);
  const validator = firstLine(headers, 'etag') ?? firstLine(headers, 'last-modified');
  const stated = fresh.by === 'response' || permission.use === 'validated';
  if (!stated && !(counts && fresh.ms > 0))
    return { store: 'no', because: 'no-explicit-freshness' };
  const usable = permission.lifetime > 0 || permission.staleWhileRevalidate > 0;
  if (validator === undefined && (permission.use === 'validated' || !usable)) {
    return { store: 'no', because: 'already-stale' };
  }
  return { store: 'yes', permission, vary };
}

function refusalOfRequest(facts: RequestFacts, response: Directives): Refusal | undefined {
  if (facts.directives.has('no-store')) return 'request-no-store';
  if (facts.authorization === 'present' && !isForEveryone(response)) return 'authorization';
  return undefined;
}

function refusalOfResponse(
  status: number,
  headers: RawHeaders,
  directives: Directives,
  targeted: Directives | undefined,
): Refusal | undefined {
  if (status < 200) return 'not-final';
  if (status === 206) return 'partial-content';
  if (status === 304) return 'not-modified';
  const understood = directives.has('must-understand') ? UNDERSTOOD.has(status) : undefined;
  if (understood === false) return 'not-understood';
  if (directives.has('no-store') && !understood) return 'no-store';
  if (isUnqualified(directives, 'private')) return 'private';
  // Safer than the RFC, which lets it be stored: a session handed to everybody is the worst of faults.
  const meant = directives.has('public') || directives.has('s-maxage') || targeted?.has('max-age');
  if (!meant && firstLine(headers, 'set-cookie') !== undefined) return 'set-cookie';
  return undefined;
}

function permissionOf(directives: Directives, lifetimeMs: number): Permission {
  const use = useOf(directives);
  const window = (name: string) => (use === 'stale' ? (seconds(directives, name) ?? 0) * 1000 : 0);
  const staleIfError = window('stale-if-error');
  return {
    lifetime: lifetimeMs,
    use,
    staleWhileRevalidate: window('stale-while-revalidate'),
    staleIfError,
    staleIfUnreachable: use === 'stale' ? Math.max(staleIfError, GRACE) : 0,
    change: directives.has('immutable') ? 'immutable' : 'possible',
    audience: isForEveryone(directives) ? 'everyone' : 'anonymous',
    withheld: [...namedFields(directives, 'no-cache'), ...namedFields(directives, 'private')],
  };
}

/** RFC 9111 4.2.4: these directives forbid every stale answer, whatever else is said. */
function useOf(directives: Directives): Permission['use'] {
  if (isUnqualified(directives, 'no-cache')) return 'validated';
  const strict = ['must-revalidate', 'proxy-revalidate', 's-maxage'];
  return strict.some((name) => directives.has(name)) ? 'fresh' : 'stale';
}

function isForEveryone(directives: Directives): boolean {
  return ['public', 'must-revalidate', 's-maxage'].some((name) => directives.has(name));
}
