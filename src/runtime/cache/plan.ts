/** What to do with a request, from what is stored for its URI. Pure. */
import type { ForwardReason } from './cache-status.js';
import { newest } from './conditional.js';
import { combined } from './fields.js';
import { isSafe } from './invalidation.js';
import type { CacheRequest } from './messages.js';
import type { RequestFacts } from './request.js';
import { reuseOf } from './reuse.js';
import type { StoredResponse } from './stored.js';
import { preferredLanguage, variantOf } from './vary.js';

export type Plan =
  /** Answer with this stored response. */
  | { readonly kind: 'serve'; readonly response: StoredResponse }
  /** Answer with it and fetch a new one behind the answer. */
  | { readonly kind: 'refresh'; readonly response: StoredResponse }
  /** Nothing stored will do and the client wants nothing else: 504. */
  | { readonly kind: 'refuse' }
  | FetchPlan
  /** Send it on, store nothing; a `head` may freshen what is stored, a `change` makes it invalid. */
  | {
      readonly kind: 'pass';
      readonly effect: 'none' | 'head' | 'change';
      readonly fwd: ForwardReason;
    };

export interface FetchPlan {
  readonly kind: 'fetch';
  readonly fwd: ForwardReason;
  /** The stored response that would have answered, to be validated. */
  readonly current: StoredResponse | undefined;
  /** Other variants of the URI that the origin may point to by their entity tags. */
  readonly others: readonly StoredResponse[];
}

/**
 * @param variants all that is stored under the request's key
 * @param now ms on the clock by which they were stored
 */
export function planFor(
  request: CacheRequest,
  facts: RequestFacts,
  variants: readonly StoredResponse[],
  now: number,
): Plan {
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    return { kind: 'pass', effect: isSafe(method) ? 'none' : 'change', fwd: 'method' };
  }
  if (facts.body === 'present' || facts.precondition === 'present') {
    return { kind: 'pass', effect: 'none', fwd: 'bypass' };
  }
  const plan = planForGet(request, facts, variants, now);
  if (plan.kind !== 'fetch' && !(plan.kind === 'refresh' && method === 'HEAD')) return plan;
  if (facts.directives.has('only-if-cached')) return { kind: 'refuse' };
  if (method === 'GET') return plan;
  return { kind: 'pass', effect: 'head', fwd: plan.kind === 'fetch' ? plan.fwd : 'stale' };
}

/** Whether a stored response is the variant that a request asks for. */
export function isVariantFor(
  stored: StoredResponse,
  request: CacheRequest,
  facts: RequestFacts,
): boolean {
  return stored.variant === variantOf(stored.vary, request.headers, facts.rerouting);
}

function planForGet(
  request: CacheRequest,
  facts: RequestFacts,
  variants: readonly StoredResponse[],
  now: number,
): Plan {
  const fetch = { kind: 'fetch', current: undefined, others: [] } as const;
  if (variants.length === 0) return { ...fetch, fwd: 'uri-miss' };
  const response = select(request, facts, variants);
  if (response === undefined) {
    const others = variants.filter(({ etag }) => etag !== undefined);
    return { ...fetch, fwd: 'vary-miss', others };
  }
  const reuse = reuseOf(response, facts, now);
  if (reuse.kind === 'bypass') return { ...fetch, fwd: 'bypass' };
  if (reuse.kind !== 'validate') return { kind: reuse.kind, response };
  return { ...fetch, fwd: reuse.because, current: response };
}

function select(
  request: CacheRequest,
  facts: RequestFacts,
  variants: readonly StoredResponse[],
): StoredResponse | undefined {
  const matching: StoredResponse[] = [];
  let vary: readonly string[] | undefined;
  let asked = '';
  for (const stored of variants) {
    // Nearly always all variants were chosen by the same fields: read these from the request once.
    if (vary === undefined || !isSameList(vary, stored.vary)) {
      vary = stored.vary;
      asked = variantOf(vary, request.headers, facts.rerouting);
    }
    if (stored.variant === asked) matching.push(stored);
  }
  if (matching.length === 1) return matching[0];
  return newest(matching) ?? inPreferredLanguage(request, facts, variants);
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((member, at) => member === other[at]);
}

/**
 * A variant chosen by language alone answers every request that wants just this language above all
 * others: no negotiation could choose better (RFC 9111 4.1, RFC 9110 12.5.4).
 */
function inPreferredLanguage(
  request: CacheRequest,
  facts: RequestFacts,
  variants: readonly StoredResponse[],
): StoredResponse | undefined {
  const prefix = `${facts.rerouting}accept-language`;
  const byLanguage = variants.filter(
    ({ vary, variant }) => vary.join() === 'accept-language' && variant.startsWith(prefix),
  );
  if (byLanguage.length === 0) return undefined;
  const wanted = preferredLanguage(request.headers);
  return newest(
    byLanguage.filter(({ headers }) => {
      const language = combined(headers, 'content-language')?.trim().toLowerCase();
      return language !== undefined && language === wanted;
    }),
  );
}
