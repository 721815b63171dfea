/**
 * The connections to one dyno. A request takes one that is idle; else it waits for the first that
 * becomes free, be it a new one or one that another request gave back. Only a few are dialled at a
 * time: a crowd of clients must not become a storm of connections that overruns the dyno's backlog.
 */
import type { Address } from '../model.js';
import { type ConnectionOwner, DynoConnection } from './dyno-connection.js';
import type { RouterLimits } from './limits.js';

/** Connections that are dialled at a time. */
const DIALS = 8;

/** A request that waits for a connection. It hears one of these, once. */
export interface Taker {
  connected(connection: DynoConnection): void;
  /** The dyno did not accept. @param error of the system */
  unreachable(error: unknown): void;
  /** The dyno stops: ask another one. */
  turnedAway(): void;
}

export class DynoConnections implements ConnectionOwner {
  private readonly all = new Set<DynoConnection>();
  /** The one used last is at the end and is taken first: the others may grow old and close. */
  private readonly idle: DynoConnection[] = [];
  /** Since when each is being dialled. */
  private readonly dials = new Map<DynoConnection, number>();
  /** Since when each has been waiting; the longest first. */
  private readonly waiting = new Map<Taker, number>();
  private state: 'open' | 'closed' = 'open';
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    readonly address: Address,
    private readonly limits: RouterLimits,
  ) {}

  /** An idle connection, or undefined: then `wait`. @param now ms of the monotonic clock */
  take(now: number): DynoConnection | undefined {
    for (;;) {
      const connection = this.idle.pop();
      if (!connection || now < connection.freshUntil) return connection;
      this.discard(connection);
    }
  }

  /** Puts a request in line for a connection. */
  wait(taker: Taker, now: number): void {
    this.waiting.set(taker, now);
    if (this.state === 'open') this.dial(now);
    else queueMicrotask(() => this.turnAway());
  }

  /** It does not want one any more. */
  leave(taker: Taker): void {
    this.waiting.delete(taker);
  }

  /** A connection is free for a request, for so long. @param idleFor ms */
  release(connection: DynoConnection, idleFor: number): void {
    connection.user = undefined;
    if (this.state === 'closed') this.discard(connection);
    else this.offer(connection, performance.now() + idleFor);
  }

  /** The connection is of no use any more. */
  discard(connection: DynoConnection): void {
    this.all.delete(connection);
    connection.destroy();
  }

  /** The dyno stops: nothing new begins; what works closes when it is done. */
  close(): void {
    this.state = 'closed';
    clearTimeout(this.sweeper);
    for (const connection of [...this.idle.splice(0), ...this.dials.keys()])
      this.discard(connection);
    this.dials.clear();
    this.turnAway();
  }

  /** Ends what is still at work, too. */
  cut(): void {
    this.close();
    for (const connection of [...this.all]) {
      const { user } = connection;
      this.discard(connection);
      user?.closed('broken');
    }
  }

  opened(connection: DynoConnection): void {
    this.dials.delete(connection);
    this.release(connection, this.limits.dynoIdle);
  }

  closed(connection: DynoConnection, error: Error | undefined): void {
    this.all.delete(connection);
    const at = this.idle.lastIndexOf(connection);
    if (at !== -1) this.idle.splice(at, 1);
    const since = this.dials.get(connection);
    if (since === undefined) return;
    this.dials.delete(connection);
    this.failed(since, error);
  }

  private offer(connection: DynoConnection, freshUntil: number): void {
    const [taker] = this.waiting.keys();
    if (taker) {
      this.waiting.delete(taker);
      taker.connected(connection);
      return;
    }
    connection.freshUntil = freshUntil;
    this.idle.push(connection);
    this.sweeper ??= setTimeout(() => this.sweep(), this.limits.dynoIdle).unref();
  }

  private turnAway(): void {
    for (const taker of [...this.waiting.keys()]) {
      this.waiting.delete(taker);
      taker.turnedAway();
    }
  }

  private dial(now: number): void {
    while (this.dials.size < Math.min(DIALS, this.waiting.size)) {
      try {
        const connection = new DynoConnection(this.address, this.limits.connectTimeout, this);
        this.all.add(connection);
        this.dials.set(connection, now);
      } catch (error) {
        queueMicrotask(() => this.failed(now, error));
        return;
      }
    }
  }

  /** All who waited as long as this attempt would have had no better luck with their own. */
  private failed(since: number, error: unknown): void {
    for (const [taker, waits] of [...this.waiting]) {
      if (waits > since) continue;
      this.waiting.delete(taker);
      taker.unreachable(error);
    }
    if (this.state === 'open') this.dial(performance.now());
  }

  private sweep(): void {
    this.sweeper = undefined;
    const now = performance.now();
    for (const connection of [...this.idle]) {
      if (now < connection.freshUntil) continue;
      this.idle.splice(this.idle.indexOf(connection), 1);
      this.discard(connection);
    }
    if (this.idle.length > 0)
      this.sweeper = setTimeout(() => this.sweep(), this.limits.dynoIdle).unref();
  }
}
