/** The log on the terminal of `paas local start`: bounded, fair to every process, never waited for. */

import type { Brake } from '../../runtime/logplex/brake.js';
import { formatSeconds, type LogLine, microsecondsNow } from '../../runtime/logplex/line.js';
import type { LogMessage } from '../../runtime/model.js';
import { FairQueue } from './fair-queue.js';
import type { Format } from './format.js';
import type { Outlet } from './outlet.js';
import {
  FLOWING,
  LARGEST_CHUNK,
  mostWaiting,
  nextChunk,
  nextPressure,
  PATIENCE,
} from './pressure.js';

export interface TerminalOptions {
  readonly outlet: Outlet;
  readonly format: Format;
  /** Holds a flooding process back. Both its calls must return at once. */
  readonly brake?: Brake;
  /** Called once, when nobody reads any more (EPIPE); what is written after that is dropped. */
  readonly onGone?: (error: Error) => void;
}

/** Least time, in ms, between two notes about dropped lines. */
const NOTE_INTERVAL = 1_000;

/** How long, in ms, a process that writes what is dropped has to wait at a time. */
const BREATH = 20;

const FIRST_CHUNK = 64 * 1024;

/** Takes messages at once, writes them when the terminal can take them. */
export class Terminal {
  #queue = new FairQueue();
  #state: 'idle' | 'writing' | 'gone' = 'idle';
  #pressure = FLOWING;
  #patience: NodeJS.Timeout | undefined;
  #breath: NodeJS.Timeout | undefined;
  #chunk = FIRST_CHUNK;
  #lost = { lines: 0, since: 0 };
  #written: Buffer | undefined;
  #notedAt = Number.NEGATIVE_INFINITY;
  #format: Format;
  readonly #idleWaiters = new Set<() => void>();

  constructor(private readonly options: TerminalOptions) {
    this.#format = options.format;
  }

  /** Another form from now on: after a change of the formation, say. */
  setFormat(format: Format): void {
    this.#format = format;
  }

  /** Takes a message. Never waits, never throws. */
  write(message: LogMessage): void {
    if (this.#state === 'gone') return;
    this.#queue.push(message.process, this.#format(message));
    const floods = this.#floods(message.process);
    const most = mostWaiting(this.#pressure);
    if (this.#queue.bytes > most) {
      this.#drop(most / 2);
      if (floods && this.#pressure.state === 'dropping') this.#slow(message.process);
    }
    this.#regulate();
    if (floods && this.#pressure.state === 'holding') this.options.brake?.hold(message.process);
    if (this.#state === 'idle') {
      this.#state = 'writing';
      // After all that came in this turn of the loop: one write for many lines.
      setImmediate(() => this.#next());
    }
  }

  /**
   * Waits until all is written, but no longer than so many ms in which nothing moves.
   * What waits behind a stopped terminal is given up.
   */
  async close(patience: number): Promise<void> {
    if (this.#state === 'gone') return;
    while (this.#state === 'writing') {
      const before = this.#queue.bytes;
      await this.#idle(patience);
      if (this.#state === 'writing' && this.#queue.bytes >= before) break;
    }
    this.#stopTimers();
    this.#state = 'gone';
    this.options.brake?.release();
    this.options.outlet.close();
  }

  #next(): void {
    const text = this.#take();
    if (text.length === 0) {
      this.#rest();
      return;
    }
    const begun = performance.now();
    this.options.outlet.write(text, (error) => {
      if (this.#state === 'gone') return;
      if (error) {
        this.#gone(error);
        return;
      }
      this.#chunk = nextChunk(this.#chunk, performance.now() - begun);
      this.#regulate();
      // A terminal that takes everything at once must not keep the loop from its other work.
      setImmediate(() => this.#next());
    });
  }

  /** What is written next, always in the same memory: one write goes at a time. */
  #take(): Buffer {
    this.#written ??= Buffer.allocUnsafeSlow(2 * LARGEST_CHUNK);
    const note = this.#note();
    const begin = note ? this.#written.write(this.#format(note)) : 0;
    return this.#written.subarray(0, this.#queue.take(this.#written, begin, this.#chunk));
  }

  #rest(): void {
    this.#state = 'idle';
    for (const waiter of this.#idleWaiters) waiter();
  }

  #gone(error: Error): void {
    this.#state = 'gone';
    this.#queue = new FairQueue();
    this.#stopTimers();
    this.options.brake?.release();
    for (const waiter of this.#idleWaiters) waiter();
    this.options.onGone?.(error);
  }

  /** Half of it at once, so that a flood is not dropped line by line. */
  #drop(bytes: number): void {
    if (this.#lost.lines === 0) this.#lost.since = microsecondsNow();
    this.#lost.lines += this.#queue.dropTo(bytes);
  }

  /** To read for nothing as fast as a process can write would leave no time for the others. */
  #slow(process: string): void {
    this.options.brake?.hold(process);
    this.#breath ??= setTimeout(() => {
      this.#breath = undefined;
      this.options.brake?.release();
    }, BREATH).unref();
  }

  /** The note about dropped lines, when it is time for one. */
  #note(): LogLine | undefined {
    const { lines, since } = this.#lost;
    const now = performance.now();
    if (lines === 0) return undefined;
    if (now - this.#notedAt < NOTE_INTERVAL && this.#queue.bytes > 0) return undefined;
    this.#notedAt = now;
    this.#lost = { lines: 0, since: 0 };
    const text = `Error L11 (Tail buffer overflow) -> This terminal dropped ${lines} messages since ${formatSeconds(since)}.`;
    return { time: microsecondsNow(), source: 'heroku', process: 'logplex', text };
  }

  #regulate(): void {
    const before = this.#pressure.state;
    this.#pressure = nextPressure(this.#pressure, this.#queue.bytes, performance.now());
    if (this.#pressure.state === before) return;
    clearTimeout(this.#patience);
    if (this.#pressure.state === 'holding') {
      // A stopped terminal makes no event that would end the patience.
      this.#patience = setTimeout(() => this.#regulate(), PATIENCE + 1).unref();
    } else if (before === 'holding') {
      this.options.brake?.release();
    }
  }

  /** Only who floods is held: a process that has more than half of its fair share waiting. */
  #floods(process: string): boolean {
    const share = this.#queue.bytes / this.#queue.processes;
    return this.#queue.waitingOf(process) >= share / 2;
  }

  #stopTimers(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#breath);
  }

  #idle(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#idleWaiters.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, patience);
      this.#idleWaiters.add(finish);
    });
  }
}
