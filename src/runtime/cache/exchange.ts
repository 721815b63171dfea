/** One request on its way through the cache: what the plan says, done. */
import { notCached } from './answer.js';
import type { Delivery } from './delivery.js';
import { answeredBy, ask, discard, type Finding } from './fetching.js';
import { Fill, type FillBudget } from './fill.js';
import type { Flight, Landing } from './flights.js';
import { invalidated, isOwnRepresentation } from './invalidation.js';
import { uriOfKey } from './key.js';
import type { CacheVerdict, FetchPurpose, Forward, OriginResponse } from './messages.js';
import { type FetchPlan, isVariantFor, type Plan, planFor } from './plan.js';
import type { Refusal } from './policy.js';
import { isShareable } from './reuse.js';
import { type Asked, isPersonal, type Shelf } from './shelf.js';
import type { AppStatistics } from './statistics.js';
import type { StoredResponse } from './stored.js';
import { variantOf } from './vary.js';

type PassPlan = Extract<Plan, { kind: 'pass' }>;

/** What all exchanges of a cache have in common. */
export interface Surroundings {
  readonly shelf: Shelf;
  readonly budget: FillBudget;
  readonly statistics: AppStatistics;
}

export class Exchange {
  constructor(
    private readonly asked: Asked,
    private readonly forward: Forward,
    private readonly delivery: Delivery,
    private readonly around: Surroundings,
  ) {}

  /** Answers the request. */
  run(plan: Plan): Promise<CacheVerdict> {
    switch (plan.kind) {
      case 'serve':
        return this.delivery.stored(plan.response);
      case 'refresh':
        this.#refresh(plan.response);
        return this.delivery.stored(plan.response);
      case 'refuse':
        return this.delivery.ready(notCached(this.asked.key));
      case 'pass':
        return this.#pass(plan);
      case 'fetch':
        return this.#share(plan, knownVary(plan), 'first');
    }
  }

  /**
   * Fetches once for all who ask for the same at this time (RFC 9111 4). Those who wait for a fetch
   * look again when its header is there: the first time they may have waited for another variant.
   */
  async #share(
    plan: FetchPlan,
    vary: readonly string[],
    round: 'first' | 'second',
  ): Promise<CacheVerdict> {
    const { app } = this.asked.request;
    const { flights } = this.around.shelf;
    const slot = this.#slot(vary);
    if (!isShareable(this.asked.facts) || flights.goesAlone(slot, this.around.shelf.now())) {
      return this.#fetch(plan, flights.start(app, this.asked.key));
    }
    const flight = flights.find(slot);
    if (flight === undefined) return this.#fetch(plan, flights.start(app, this.asked.key, slot));
    const landing = await flight.landed;
    const joined = this.#join(landing, plan);
    if (joined !== undefined) return joined;
    const next = this.#plan();
    if (next.kind !== 'fetch') return this.run(next);
    if (landing.kind === 'alone' || round === 'second') {
      return this.#fetch(next, flights.start(app, this.asked.key));
    }
    return this.#share(next, responseOf(landing).vary, 'second');
  }

  #join(landing: Landing, plan: FetchPlan): Promise<CacheVerdict> | undefined {
    if (landing.kind === 'alone') return undefined;
    const { request, facts } = this.asked;
    if (!isVariantFor(responseOf(landing), request, facts)) return undefined;
    if (landing.kind === 'fill' && !landing.fill.joinable) return undefined;
    this.around.statistics.shared();
    const told = { fwd: plan.fwd, collapsed: 'collapsed' } as const;
    if (landing.kind === 'stored') {
      return this.delivery.stored(landing.response, { ...told, outcome: landing.outcome });
    }
    return this.delivery.joined(landing.fill, { ...told, outcome: 'miss' });
  }

  async #fetch(plan: FetchPlan, flight: Flight): Promise<CacheVerdict> {
    const finding = await this.#ask(plan, flight, 'reply');
    const { fwd } = plan;
    switch (finding.kind) {
      case 'freshened': {
        const { response } = finding;
        const shared = this.around.shelf.isForOthers(response, flight);
        const landing = { kind: 'stored', response, outcome: 'revalidated' } as const;
        this.#land(flight, shared ? landing : { kind: 'alone' });
        return this.delivery.stored(response, { outcome: 'revalidated', fwd, fwdStatus: 304 });
      }
      case 'failed': {
        this.#land(flight, { kind: 'stored', response: finding.response, outcome: 'stale' });
        const { status: fwdStatus } = finding;
        const told = { fwd, detail: 'stale-if-error', ...(fwdStatus && { fwdStatus }) };
        return this.delivery.stored(finding.response, { outcome: 'stale', ...told });
      }
      case 'storable': {
        const { origin, response } = finding;
        const fill = this.#fill(response, origin, flight);
        return this.delivery.first(fill, origin, { fwd, fwdStatus: origin.status });
      }
      case 'refused': {
        this.#refused(plan, finding, flight);
        const { origin, because } = finding;
        return this.delivery.through(origin, { fwd, ...answeredBy(origin), detail: because });
      }
    }
  }

  /** Sends a request on that is not for the store, and lets its answer act on what is stored. */
  async #pass(plan: PassPlan): Promise<CacheVerdict> {
    const { shelf } = this.around;
    const { request, key } = this.asked;
    const requested = shelf.wallNow();
    const origin = await this.forward(request.headers, 'reply');
    const told = { fwd: plan.fwd, ...answeredBy(origin) };
    if (origin.from === 'router') {
      return this.delivery.through(origin, { ...told, detail: 'router-error' });
    }
    const times = { requested, responded: shelf.wallNow() };
    if (plan.effect === 'head' && origin.status === 200) {
      shelf.applyHead(this.asked, origin.headers, times);
    }
    if (plan.effect !== 'change') return this.delivery.through(origin, told);
    const uri = uriOfKey(key);
    shelf.invalidate(request.app, invalidated(uri, origin.status, origin.headers));
    if (request.method !== 'POST' || !isOwnRepresentation(uri, origin.status, origin.headers)) {
      return this.delivery.through(origin, told);
    }
    const judged = shelf.judge(this.asked, origin, times, 'explicit');
    if (judged.kind === 'refused') return this.delivery.through(origin, told);
    const flight = shelf.flights.start(request.app, key);
    return this.delivery.first(this.#fill(judged.response, origin, flight), origin, told);
  }

  /** Fetches behind a stale answer; a failure leaves things as they are until the next request. */
  #refresh(response: StoredResponse): void {
    const { flights } = this.around.shelf;
    const slot = this.#slot(response.vary);
    if (flights.find(slot) !== undefined) return;
    const flight = flights.start(this.asked.request.app, this.asked.key, slot);
    const plan: FetchPlan = { kind: 'fetch', fwd: 'stale', current: response, others: [] };
    this.#ask(plan, flight, 'refresh')
      .then((finding) => this.#refreshed(plan, flight, finding))
      .catch(() => flights.end(flight));
  }

  async #refreshed(plan: FetchPlan, flight: Flight, finding: Finding): Promise<void> {
    if (finding.kind === 'storable') {
      this.#fill(finding.response, finding.origin, flight);
      return;
    }
    if (finding.kind !== 'refused') return this.#land(flight, { kind: 'alone' });
    this.#refused(plan, finding, flight);
    await discard(finding.origin);
  }

  /** Reads a new response into the store, whoever listens; others may join it from now on. */
  #fill(response: StoredResponse, origin: OriginResponse, flight: Flight): Fill {
    const { shelf, budget, statistics } = this.around;
    const fill = new Fill(response, origin, budget);
    flight.land(shelf.isForOthers(response, flight) ? { kind: 'fill', fill } : { kind: 'alone' });
    fill
      .run()
      .then((body) => {
        if (body === undefined) return fill.refusal && this.#notKept(flight, fill.refusal);
        shelf.keep(response, body, flight);
        statistics.stored(response.key);
      })
      .finally(() => shelf.flights.end(flight));
    return fill;
  }

  #refused(plan: FetchPlan, finding: Extract<Finding, { kind: 'refused' }>, flight: Flight): void {
    const { status, from } = finding.origin;
    // The origin has another answer by now, and it is not for the store.
    if (plan.current !== undefined && plan.fwd === 'stale' && status < 500) {
      this.around.shelf.forget(plan.current);
    }
    if (from === 'dyno') this.#notKept(flight, finding.because);
    this.#land(flight, { kind: 'alone' });
  }

  /** Counts it, and lets the next requests for this neither wait for one another nor come here. */
  #notKept(flight: Flight, because: Refusal): void {
    const { shelf, statistics } = this.around;
    const { key, request } = this.asked;
    const now = shelf.now();
    statistics.refused(key, because);
    if (because === 'no-room') return;
    shelf.flights.remember(flight, 'alone', now);
    if (!isPersonal(because)) shelf.uncacheable.add(request.app, key, because, now);
  }

  async #ask(plan: FetchPlan, flight: Flight, purpose: FetchPurpose): Promise<Finding> {
    try {
      return await ask(this.asked, this.around.shelf, this.forward, plan, flight, purpose);
    } catch (error) {
      this.#land(flight, { kind: 'alone' });
      throw error;
    }
  }

  #land(flight: Flight, landing: Landing): void {
    flight.land(landing);
    this.around.shelf.flights.end(flight);
  }

  #plan(): Plan {
    const { shelf } = this.around;
    const { request, facts, key } = this.asked;
    return planFor(request, facts, shelf.store.get(key), shelf.now());
  }

  /** Where those meet who ask for the same variant, as far as the request fields are known that choose it. */
  #slot(vary: readonly string[]): string {
    const { request, facts, key } = this.asked;
    return `${key}\n${variantOf(vary, request.headers, facts.rerouting)}`;
  }
}

/** The request fields that chose a variant of this URI before, if any. */
function knownVary(plan: FetchPlan): readonly string[] {
  return plan.current?.vary ?? plan.others[0]?.vary ?? [];
}

function responseOf(landing: Exclude<Landing, { kind: 'alone' }>): StoredResponse {
  return landing.kind === 'fill' ? landing.fill.response : landing.response;
}
