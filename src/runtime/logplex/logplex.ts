/**
 * Logplex: takes every line of every app, and gives it to whoever wants it. Publishing has no way
 * back: a slow reader, a full disk or a dead drain is never felt by who publishes.
 */
import type { ConfigVars, Drain, LogMessage } from '../model.js';
import type { Brake } from './brake.js';
import { Channel, type Listener } from './channel.js';
import type { LogFilter } from './filter.js';
import { type LogLine, microsecondsNow } from './line.js';
import type { MaskScope } from './mask.js';
import type { Tail } from './tail.js';

/** The logs of all apps of this process. */
export class Logplex {
  readonly #channels = new Map<string, Channel>();
  readonly #listeners = new Set<Listener>();
  /** Time of the newest message, in microseconds since the epoch. */
  #last = 0;

  /** @param options `brake`: holds processes back, for moments, that write more than the disk takes */
  constructor(private readonly options: { readonly brake?: Brake } = {}) {}

  /**
   * Begins the log of an app. Again with the same app it changes nothing.
   * @param folder where its history is kept (`.paas/logs`); undefined: in memory only
   */
  open(app: { readonly id: string; readonly name: string }, folder: string | undefined): void {
    const channel = this.#channel(app.id);
    if (folder) channel.keep(folder);
  }

  /** Takes a message. Never waits, never throws. */
  publish(message: LogMessage): void {
    // No two messages have the same time, so that order is kept, and a reader knows where it was.
    this.#last = Math.max(exactly(message.time), this.#last + 1);
    const inOrder = this.#last === message.time ? message : { ...message, time: this.#last };
    this.#channel(message.app).publish(inOrder);
  }

  /** Is told of every message of every app, at once: it must not wait and not throw. Gives what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The newest lines that a filter wants, from memory and then from disk.
   * @param lines at most so many
   * @returns single lines, oldest first
   */
  recent(app: string, filter: LogFilter, lines: number): Promise<LogLine[]> {
    return this.#channel(app).recent(filter, lines);
  }

  /**
   * Follows the log of an app; close the tail, or leave its loop, to end it.
   * @param lines of history before what is published from now on
   */
  tail(app: string, filter: LogFilter, { lines }: { readonly lines: number }): Tail {
    return this.#channel(app).tail(filter, lines);
  }

  /**
   * Forwards the log of an app to these drains, and to no others, from now on. Drains that were
   * there already (by id) go on as they are.
   * @throws PlatformError invalid_params for a URL that is none of a drain
   */
  setDrains(app: string, drains: readonly Drain[]): void {
    this.#channel(app).setDrains(drains);
  }

  /**
   * Hides secrets of an app's config vars from now on: in listeners, history, tails and drains.
   * @param scope whose lines
   */
  setMask(app: string, config: ConfigVars, scope: MaskScope): void {
    this.#channel(app).setMask(config, scope);
  }

  /** Ends all tails, and writes what still waits to disk and drains. */
  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((channel) => channel.close()));
  }

  /** A line of an app that nobody opened yet is better kept in memory than lost. */
  #channel(app: string): Channel {
    const channel =
      this.#channels.get(app) ?? new Channel(app, this.#listeners, this.options.brake);
    this.#channels.set(app, channel);
    return channel;
  }
}

/** A time of this very millisecond gets its microseconds: who stamps a message knows whole ones. */
function exactly(time: number): number {
  const now = microsecondsNow();
  return Math.abs(now - time) < 1000 ? now : time;
}
