/**
 * Brings a request to a dyno: choose one, connect, send. Only connections that failed are tried
 * again, on another dyno; what a dyno may have seen is never sent twice (reference section 3.3).
 */
import { isSystemError } from '../errors.js';
import { AFFINITY, affinityOf } from './affinity.js';
import type { DynoConnection } from './dyno-connection.js';
import type { Taker } from './dyno-connections.js';
import type { Errand } from './errand.js';
import { FAULTS, type RouterFault } from './errors.js';
import type { Work } from './exchange.js';
import type { RouterLimits } from './limits.js';
import { Lease, type Pool, type PooledDyno, type Wait, type Waiter } from './pool.js';
import { type Receiver, Relay } from './relay.js';
import type { RoutedApp } from './routes.js';

/** What a forwarding needs of the router. */
export interface ProxyContext {
  readonly limits: RouterLimits;
  readonly watch: { readonly now: number };
  /** The app as it is wished for now. */
  appOf(id: string): RoutedApp | undefined;
  /** The fields that the dyno gets, flat, all but `Host`. */
  fieldsFor(errand: Errand): string[];
}

type Phase = 'choosing' | 'connecting' | 'relaying' | 'ended';

/** Claims a dyno and a connection to it, again and again until it has one or may not go on. */
export abstract class Claim implements Work, Waiter {
  protected phase: Phase = 'choosing';
  private waitingFor: Wait | undefined;
  private tried: Set<PooledDyno> | undefined;
  private lastFault: RouterFault | undefined;
  private attempts = 0;

  constructor(
    protected readonly errand: Errand,
    protected readonly app: RoutedApp,
    protected readonly pool: Pool,
    protected readonly context: ProxyContext,
  ) {}

  /** Chooses a dyno, or says why not, or waits. */
  begin(): void {
    const now = performance.now();
    const { errand, pool } = this;
    const web = this.context.appOf(this.app.id)?.webQuantity ?? 0;
    const sticky = this.app.features[AFFINITY] ? affinityOf(errand.head.cookie) : undefined;
    const choice = pool.choose(web, this.tried, sticky, now);
    if (choice === 'booting' || choice === 'quarantined') this.wait(choice);
    else if ('code' in choice) this.refused(choice);
    else this.claim(choice);
  }

  poolChanged(): void {
    this.pool.leave(this);
    this.begin();
  }

  cancel(): void {
    this.phase = 'ended';
    this.pool.leave(this);
  }

  drained(): void {}

  check(now: number): void {
    if (this.phase !== 'choosing' || this.waitingFor === undefined) return;
    const waited = now - this.errand.began;
    const { bootWait, connectBudget } = this.context.limits;
    if (this.waitingFor === 'booting' && waited >= bootWait) this.refused(FAULTS.H20);
    if (this.waitingFor === 'quarantined' && waited >= connectBudget) {
      this.refused(this.lastFault ?? FAULTS.H99);
    }
  }

  /** A dyno was chosen: connect to it, or go on with `refusedBy` or `again`. */
  protected abstract reach(lease: Lease): void;

  /** No dyno takes the request. */
  protected abstract refused(fault: RouterFault): void;

  /** The chosen dyno did not accept: the next one, while there is one to try. */
  protected refusedBy(lease: Lease, error: unknown): void {
    lease.release();
    if (this.phase === 'ended') return;
    this.phase = 'choosing';
    this.pool.quarantine(lease.dyno, performance.now());
    this.lastFault = isSystemError(error, 'ETIMEDOUT') ? FAULTS.H19 : FAULTS.H21;
    this.attempts += 1;
    this.tried ??= new Set();
    this.tried.add(lease.dyno);
    const { connectAttempts } = this.context.limits;
    // A dyno that refuses may just have ended: its crash, or its follower, is told in a moment.
    if (this.attempts >= connectAttempts || this.tried.size >= this.pool.size) {
      this.refused(this.lastFault);
    } else {
      this.begin();
    }
  }

  /** The chosen dyno is about to stop: another one. */
  protected again(lease: Lease): void {
    lease.release();
    if (this.phase === 'ended') return;
    this.phase = 'choosing';
    this.begin();
  }

  /** Fills in what the log line tells of the connection. */
  protected noteConnected(since: number): void {
    this.errand.connectedAt = performance.now();
    this.errand.connect = Math.round(this.errand.connectedAt - since);
  }

  private claim(dyno: PooledDyno): void {
    this.phase = 'connecting';
    this.errand.dyno = dyno.name;
    this.reach(new Lease(dyno));
  }

  private wait(reason: Wait): void {
    this.waitingFor = reason;
    this.pool.wait(this);
  }
}

/** An ordinary request on its way. */
export class Forwarding extends Claim implements Taker {
  private relay: Relay | undefined;
  /** The dyno that it has, and since when it waits for a connection. */
  private lease: Lease | undefined;
  private since = 0;

  constructor(
    errand: Errand,
    app: RoutedApp,
    pool: Pool,
    context: ProxyContext,
    private readonly receiver: Receiver,
  ) {
    super(errand, app, pool, context);
  }

  override cancel(): void {
    super.cancel();
    this.lease?.dyno.connections?.leave(this);
    this.lease?.release();
    this.relay?.cancel();
  }

  override drained(): void {
    this.relay?.clientDrained();
  }

  override check(now: number): void {
    if (this.relay) this.relay.check(now);
    else super.check(now);
  }

  connected(connection: DynoConnection): void {
    const { errand, context } = this;
    const lease = this.lease!;
    this.phase = 'relaying';
    this.noteConnected(this.since);
    this.relay = new Relay(errand, this.receiver, context, connection, (idleFor) => {
      lease.release();
      if (idleFor > 0) lease.dyno.connections!.release(connection, idleFor);
      else lease.dyno.connections!.discard(connection);
    });
    this.relay.begin(context.fieldsFor(errand));
  }

  unreachable(error: unknown): void {
    this.errand.connect = Math.round(performance.now() - this.since);
    this.refusedBy(this.lease!, error);
  }

  turnedAway(): void {
    this.again(this.lease!);
  }

  protected reach(lease: Lease): void {
    this.lease = lease;
    this.since = performance.now();
    const connections = lease.dyno.connections!;
    const idle = connections.take(this.since);
    if (idle) this.connected(idle);
    else connections.wait(this, this.since);
  }

  protected refused(fault: RouterFault): void {
    this.receiver.failed(fault);
  }
}
