/** Whether a stored response may answer a request as it is (RFC 9111 4, 5.2.1). Pure. */
import { seconds } from './directives.js';
import type { RequestFacts } from './request.js';
import { ageAt, type StoredResponse } from './stored.js';

/** What to do with a stored response that was selected for a request. */
export type Reuse =
  /** Answer with it. */
  | { readonly kind: 'serve' }
  /** Answer with it, stale, and fetch a new one behind the answer. */
  | { readonly kind: 'refresh' }
  /** Ask the origin first: the response is `stale`, or the `request` wants it so. */
  | { readonly kind: 'validate'; readonly because: 'stale' | 'request' }
  /** It is not for this request. */
  | { readonly kind: 'bypass' };

/** @param now ms on the clock by which the response was stored */
export function reuseOf(stored: StoredResponse, facts: RequestFacts, now: number): Reuse {
  const { permission } = stored;
  if (facts.authorization === 'present' && permission.audience === 'anonymous') {
    return { kind: 'bypass' };
  }
  if (permission.use === 'validated') return { kind: 'validate', because: 'stale' };
  const age = ageAt(stored, now);
  const ttl = permission.lifetime - age;
  if (wantsValidation(stored, facts, age, ttl)) return { kind: 'validate', because: 'request' };
  if (ttl > 0) return { kind: 'serve' };
  if (permission.use === 'stale') {
    if (toleratesStale(facts, -ttl)) return { kind: 'serve' };
    if (-ttl < permission.staleWhileRevalidate) return { kind: 'refresh' };
  }
  return { kind: 'validate', because: 'stale' };
}

/**
 * Whether a stale response may answer because the origin failed (RFC 5861 4, RFC 9111 4.2.4).
 * @param failure `error`: it answered 500, 502, 503 or 504; `unreachable`: no dyno answered
 */
export function mayStandIn(
  stored: StoredResponse,
  failure: 'error' | 'unreachable',
  now: number,
): boolean {
  const { permission } = stored;
  const staleFor = ageAt(stored, now) - permission.lifetime;
  const window = failure === 'error' ? permission.staleIfError : permission.staleIfUnreachable;
  return permission.use === 'stale' && staleFor < window;
}

/** Whether a request asks for nothing that another client's answer could not be (RFC 9111 4). */
export function isShareable(facts: RequestFacts): boolean {
  const own = [facts.ifNoneMatch, facts.ifModifiedSince, facts.range, facts.ifRange];
  const wishes = ['no-store', 'no-cache', 'max-age', 'min-fresh'];
  return (
    facts.authorization === 'absent' &&
    own.every((field) => field === undefined) &&
    !wishes.some((name) => facts.directives.has(name))
  );
}

function wantsValidation(
  stored: StoredResponse,
  facts: RequestFacts,
  age: number,
  ttl: number,
): boolean {
  if (facts.directives.size === 0) return false;
  if (facts.directives.has('no-cache')) return true;
  const minFresh = seconds(facts.directives, 'min-fresh');
  if (minFresh !== undefined && ttl < minFresh * 1000) return true;
  if (stored.permission.change === 'immutable' && ttl > 0) return false;
  const maxAge = seconds(facts.directives, 'max-age');
  return maxAge !== undefined && (maxAge === 0 || age > maxAge * 1000);
}

function toleratesStale(facts: RequestFacts, staleFor: number): boolean {
  const argument = facts.directives.get('max-stale');
  if (argument === undefined) return false;
  return argument === true || staleFor <= (seconds(facts.directives, 'max-stale') ?? 0) * 1000;
}
