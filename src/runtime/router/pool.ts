/** The web dynos of one app: which one takes a request, and why none does. */
import type { Dyno } from '../model.js';
import { type Balancing, choose } from './balancing.js';
import { DynoConnections } from './dyno-connections.js';
import { FAULTS, type RouterFault } from './errors.js';
import type { RouterLimits } from './limits.js';

/** A web dyno as the router sees it. */
export class PooledDyno {
  state: Dyno['status']['state'];
  /** Requests that hold a lease on it, and upgraded connections among them. */
  open = 0;
  upgraded = 0;
  /** Not chosen before this time of the monotonic clock. */
  quarantinedUntil = 0;
  connections: DynoConnections | undefined;
  private readonly drainers: (() => void)[] = [];

  constructor(
    readonly id: string,
    readonly name: string,
    readonly slot: number,
    state: Dyno['status']['state'],
  ) {
    this.state = state;
  }

  /** Resolves when no request is open on it; upgraded connections do not count. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.drainers.push(resolve);
      this.tellDrained();
    });
  }

  /** A lease was given back. */
  released(): void {
    this.open -= 1;
    if (this.drainers.length > 0) this.tellDrained();
  }

  /** Waiting for a WebSocket would be waiting for the user to leave. */
  tellDrained(): void {
    if (this.open > this.upgraded) return;
    for (const resolve of this.drainers.splice(0)) resolve();
  }
}

/** Somebody who waits for a dyno. */
export interface Waiter {
  /** Something changed: choose again. */
  poolChanged(): void;
}

/** A dyno that was claimed for a request. Given back once, in whatever way the request ends. */
export class Lease {
  private state: 'held' | 'released' = 'held';

  constructor(readonly dyno: PooledDyno) {
    dyno.open += 1;
  }

  release(): void {
    if (this.state === 'released') return;
    this.state = 'released';
    this.dyno.released();
  }
}

/** Why no dyno was chosen now: ask again when the pool changes. */
export type Wait = 'booting' | 'quarantined';

export class Pool {
  /** Requests of the app that are open, those that wait among them. */
  open = 0;
  private readonly dynos = new Map<string, PooledDyno>();
  private up: PooledDyno[] = [];
  private readonly waiters = new Set<Waiter>();
  private turn = 0;
  private state: 'open' | 'cut' = 'open';

  constructor(
    private readonly limits: RouterLimits,
    private readonly balancing: Balancing,
  ) {}

  /** The dyno with that id, until it is down. */
  get(id: string): PooledDyno | undefined {
    return this.dynos.get(id);
  }

  all(): IterableIterator<PooledDyno> {
    return this.dynos.values();
  }

  /** How many dynos can take requests. */
  get size(): number {
    return this.up.length;
  }

  /** Takes a fact of the engine over. */
  dynoChanged(dyno: Dyno): void {
    const { state } = dyno.status;
    const known = this.dynos.get(dyno.id) ?? new PooledDyno(dyno.id, dyno.name, dyno.slot, state);
    known.state = state;
    this.dynos.set(dyno.id, known);
    if (state === 'up' && dyno.address && !known.connections) {
      known.connections = new DynoConnections(dyno.address, this.limits);
    }
    if (state === 'down') this.dynos.delete(dyno.id);
    if (state === 'starting') this.forgetCrashed(dyno.name);
    this.changed();
    // After that: whoever waits for a connection to it is to choose among the others.
    if (state !== 'up') known.connections?.close();
  }

  /**
   * @param web how many web dynos are wished for
   * @param tried dynos that this request could not connect to
   * @param preferred name of the dyno that the client's session belongs to
   * @param now ms of the monotonic clock
   */
  choose(
    web: number,
    tried: ReadonlySet<PooledDyno> | undefined,
    preferred: string | undefined,
    now: number,
  ): PooledDyno | Wait | RouterFault {
    if (this.state === 'cut') return FAULTS.H24;
    if (web === 0 && this.up.length === 0) return FAULTS.H14;
    if (this.up.length === 0) return this.whyNone();
    const candidates = this.candidates(tried, now);
    if (candidates.length === 0) return 'quarantined';
    const sticky = preferred && candidates.find(({ name }) => name === preferred);
    if (sticky) return sticky;
    this.turn += 1;
    return choose(this.balancing, candidates, this.turn, Math.random);
  }

  /** Avoids a dyno that did not accept a connection, for a while. */
  quarantine(dyno: PooledDyno, now: number): void {
    dyno.quarantinedUntil = now + this.limits.quarantine;
    setTimeout(() => this.tellWaiters(), this.limits.quarantine + 1).unref();
  }

  wait(waiter: Waiter): void {
    this.waiters.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.waiters.delete(waiter);
  }

  /** The wish changed: those who wait may have to be told that none will come. */
  changed(): void {
    this.up = [...this.dynos.values()]
      .filter((dyno) => dyno.state === 'up' && dyno.connections)
      .sort((one, other) => one.slot - other.slot);
    this.tellWaiters();
  }

  /** Ends every connection, those that are at work too. No dyno is chosen any more. */
  cut(): void {
    this.state = 'cut';
    for (const dyno of this.dynos.values()) dyno.connections?.cut();
  }

  private candidates(
    tried: ReadonlySet<PooledDyno> | undefined,
    now: number,
  ): readonly PooledDyno[] {
    const free = (dyno: PooledDyno) => dyno.quarantinedUntil <= now && !tried?.has(dyno);
    return this.up.every(free) ? this.up : this.up.filter(free);
  }

  /** H10 only when nothing is on its way: a dyno that stops in a restart has a follower. */
  private whyNone(): Wait | RouterFault {
    let crashed = 0;
    for (const { state } of this.dynos.values()) {
      if (state === 'crashed') crashed += 1;
      else return 'booting';
    }
    return crashed > 0 ? FAULTS.H10 : 'booting';
  }

  private forgetCrashed(name: string): void {
    for (const [id, dyno] of this.dynos) {
      if (dyno.name === name && dyno.state === 'crashed') this.dynos.delete(id);
    }
  }

  private tellWaiters(): void {
    for (const waiter of [...this.waiters]) waiter.poolChanged();
  }
}
