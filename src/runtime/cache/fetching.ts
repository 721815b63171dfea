/** Asks the origin on behalf of a request, and finds what its answer means for what is stored. */
import { hasValidator, selectByNotModified, validationHeaders } from './conditional.js';
import type { Flight } from './flights.js';
import type { FetchTimes } from './freshness.js';
import type { FetchPurpose, Forward, OriginResponse } from './messages.js';
import type { FetchPlan } from './plan.js';
import type { Refusal } from './policy.js';
import { mayStandIn } from './reuse.js';
import type { Asked, Shelf } from './shelf.js';
import type { StoredResponse } from './stored.js';

/** Statuses at which a stale response may stand in (RFC 5861 4). */
const ERRORS = new Set([500, 502, 503, 504]);

export type Finding =
  /** 304: the stored response is right, and freshened. */
  | { readonly kind: 'freshened'; readonly response: StoredResponse }
  /** The origin failed and a stale response may stand in. Without a status nobody answered. */
  | { readonly kind: 'failed'; readonly response: StoredResponse; readonly status?: number }
  /** A new response that may be stored, still without its body. */
  | {
      readonly kind: 'storable';
      readonly response: StoredResponse;
      readonly origin: OriginResponse;
    }
  /** A response that is only for the one who asked. */
  | { readonly kind: 'refused'; readonly because: Refusal; readonly origin: OriginResponse };

/**
 * Sends a request on, as a validation where something stored can be validated.
 * @throws what `forward` throws, when nothing stored may stand in
 */
export async function ask(
  asked: Asked,
  shelf: Shelf,
  forward: Forward,
  plan: FetchPlan,
  flight: Flight,
  purpose: FetchPurpose,
): Promise<Finding> {
  const candidates = (plan.current ? [plan.current] : plan.others).filter(hasValidator);
  const own = purpose === 'reply' && candidates.length === 0;
  const { headers } = asked.request;
  const sent = own ? headers : validationHeaders(headers, plan.current, plan.others);
  const requested = shelf.wallNow();
  let origin: OriginResponse;
  try {
    origin = await forward(sent, purpose);
  } catch (error) {
    const response = standIn(plan, 'unreachable', shelf.now());
    if (response === undefined) throw error;
    return { kind: 'failed', response };
  }
  const times: FetchTimes = { requested, responded: shelf.wallNow() };
  if (origin.status === 304 && candidates.length > 0) {
    await discard(origin);
    const response = selectByNotModified(origin.headers, candidates);
    // It speaks of a response that is not stored (RFC 9111 4.3.4): ask without conditions.
    const bare: FetchPlan = { ...plan, current: undefined, others: [] };
    if (response === undefined) return ask(asked, shelf, forward, bare, flight, purpose);
    const fresh = shelf.freshen(asked, response, origin.headers, times, flight);
    return { kind: 'freshened', response: fresh };
  }
  const failure = failureOf(origin);
  const response = failure && standIn(plan, failure, shelf.now());
  if (response !== undefined) {
    await discard(origin);
    return { kind: 'failed', response, ...(origin.from === 'dyno' && { status: origin.status }) };
  }
  return { ...shelf.judge(asked, origin, times), origin };
}

/** The status that a dyno gave; the router's own page is nobody's answer (RFC 9211 2.3). */
export function answeredBy({ from, status }: OriginResponse): { fwdStatus?: number } {
  return from === 'dyno' ? { fwdStatus: status } : {};
}

/** Ends a fetch whose body nobody wants. */
export async function discard(origin: OriginResponse): Promise<void> {
  const iterator = origin.body[Symbol.asyncIterator]();
  await iterator.return?.();
}

function failureOf(origin: OriginResponse): 'unreachable' | 'error' | undefined {
  if (origin.from === 'router') return 'unreachable';
  return ERRORS.has(origin.status) ? 'error' : undefined;
}

function standIn(
  plan: FetchPlan,
  failure: 'unreachable' | 'error',
  now: number,
): StoredResponse | undefined {
  return plan.current && mayStandIn(plan.current, failure, now) ? plan.current : undefined;
}
