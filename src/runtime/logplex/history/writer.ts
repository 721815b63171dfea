/**
 * Writes the history of one app. Appending never waits: lines are written together, a moment
 * later. A disk that is full, or too slow, costs lines of the history only, and they are counted.
 */

import type { Brake } from '../brake.js';
import { formatHeroku, formatSeconds, type LogLine, microsecondsNow } from '../line.js';
import { Pages } from './pages.js';
import type { HistoryMark } from './read.js';
import { SegmentFile } from './segment-file.js';
import type { HistoryLimits } from './segments.js';

/** How long a line waits before it is written, in ms: what a kill -9 may cost. */
const FLUSH_INTERVAL = 50;

/** Bytes that are written before the interval is over. */
const BATCH = 512 * 1024;

/** Bytes that may wait behind a write before who floods is held back. */
const HIGH_WATER = 1024 * 1024;

/** Longest time, in ms, that anybody is held back for one write. */
const PATIENCE = 1_000;

/** Least time, in ms, between two sentences about missing lines. */
const TELL_INTERVAL = 10_000;

/** ms after which a disk that failed is tried again. */
const RETRY = 15_000;

/** `idle`: nothing waits; `failed`: the disk took nothing, and is tried again later. */
type State = 'idle' | 'scheduled' | 'writing' | 'failed' | 'closed';

/** Somebody who wants to know when all before a place on the filled page is written. */
interface Waiter {
  /** Bytes. */
  readonly place: number;
  readonly resolve: (mark: HistoryMark | undefined) => void;
}

export class HistoryWriter {
  readonly #file: SegmentFile;
  readonly #pages = new Pages();
  #state: State = 'idle';
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that each process has put on the page that is filled: who floods, and who does not. */
  #shares = new Map<string, number>();
  #missing = { lines: 0, since: 0 };
  #toldAt = Number.NEGATIVE_INFINITY;
  /** `impatient`: this write takes so long that lines are rather missed than processes held. */
  #holding: 'nobody' | 'floods' | 'impatient' = 'nobody';
  #patience: NodeJS.Timeout | undefined;

  /**
   * @param folder `.paas/logs` of the app; made when the first line is written
   * @param tell takes a sentence for the app's log: lines are missing, or torn
   * @param brake holds processes back that write more than the disk takes
   */
  constructor(
    readonly folder: string,
    limits: HistoryLimits,
    private readonly tell: (text: string) => void,
    private readonly brake?: Brake,
  ) {
    this.#file = new SegmentFile(folder, limits, (bytes) =>
      tell(
        `The last line of the history was cut off when paas ended; its ${bytes} bytes are left out.`,
      ),
    );
  }

  /** True while the disk takes no lines. */
  get failed(): boolean {
    return this.#state === 'failed';
  }

  /**
   * Takes a message. Never waits, never throws.
   * @param lines how many lines it has
   */
  append(message: LogLine, lines: number): void {
    if (this.#state === 'closed') return;
    const before = this.#pages.length;
    if (this.#state === 'failed' || !this.#pages.add(formatHeroku(message), lines)) {
      this.#miss(lines);
      return;
    }
    const share = (this.#shares.get(message.process) ?? 0) + this.#pages.length - before;
    this.#shares.set(message.process, share);
    if (this.#pages.length >= HIGH_WATER && this.#isFlood(share)) this.#hold(message.process);
    if (this.#state === 'idle') {
      this.#state = 'scheduled';
      this.#timer = setTimeout(() => this.#begin(), FLUSH_INTERVAL);
    }
    if (this.#state === 'scheduled' && this.#pages.length >= BATCH) this.#begin();
  }

  /**
   * Writes all that was appended before this call, and nothing that is appended after it.
   * @returns where it ends; undefined when nothing was written yet
   */
  mark(): Promise<HistoryMark | undefined> {
    if (this.#state === 'failed' || this.#state === 'closed') {
      return Promise.resolve(this.#file.mark);
    }
    return new Promise((resolve) => {
      this.#waiters.push({ place: this.#pages.length, resolve });
      if (this.#state !== 'writing') this.#begin();
    });
  }

  /** Writes what waits, and closes the file. */
  async close(): Promise<void> {
    await this.mark();
    this.#toldAt = Number.NEGATIVE_INFINITY;
    this.#tellMissing();
    await this.mark();
    clearTimeout(this.#timer);
    this.#state = 'closed';
    await this.#file.close();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#state = 'writing';
    void this.#write();
  }

  async #write(): Promise<void> {
    while (this.#pages.length > 0 || this.#waiters.length > 0) {
      const waiters = this.#waiters.splice(0);
      const { page, bytes, lines } = this.#pages.turn();
      this.#shares.clear();
      this.#release('nobody');
      try {
        if (bytes.length > 0) await this.#file.append(bytes);
      } catch (error) {
        this.#fail(error as Error, lines, waiters);
        return;
      } finally {
        this.#pages.giveBack(page);
      }
      const end = this.#file.mark;
      for (const { place, resolve } of waiters) {
        resolve(end && { ...end, offset: end.offset - bytes.length + place });
      }
    }
    this.#state = 'idle';
    this.#tellMissing();
  }

  /** More than a quarter of its fair share: a quiet process does not wait for the floods of others. */
  #isFlood(share: number): boolean {
    return share >= HIGH_WATER / this.#shares.size / 4;
  }

  #hold(process: string): void {
    if (!this.brake || this.#holding === 'impatient') return;
    this.brake.hold(process);
    if (this.#holding === 'floods') return;
    this.#holding = 'floods';
    this.#patience = setTimeout(() => this.#release('impatient'), PATIENCE).unref();
  }

  #release(next: 'nobody' | 'impatient'): void {
    clearTimeout(this.#patience);
    if (this.#holding === 'floods') this.brake?.release();
    this.#holding = next;
  }

  #fail(error: Error, lines: number, waiters: readonly Waiter[]): void {
    const isNews = this.#missing.lines === 0;
    const { page, lines: more } = this.#pages.turn();
    this.#pages.giveBack(page);
    this.#miss(lines + more);
    this.#state = 'failed';
    this.#release('nobody');
    this.#timer = setTimeout(() => this.#retry(), RETRY).unref();
    for (const { resolve } of [...waiters, ...this.#waiters.splice(0)]) resolve(this.#file.mark);
    if (!isNews) return;
    this.tell(
      `The history in ${this.folder} can't be written (${error.message}). New lines are kept in memory only until it can be.`,
    );
  }

  #retry(): void {
    this.#state = 'idle';
  }

  #miss(lines: number): void {
    if (this.#missing.lines === 0) this.#missing.since = microsecondsNow();
    this.#missing.lines += lines;
  }

  #tellMissing(): void {
    const { lines, since } = this.#missing;
    const now = performance.now();
    if (lines === 0 || now - this.#toldAt < TELL_INTERVAL) return;
    this.#toldAt = now;
    this.#missing = { lines: 0, since: 0 };
    this.tell(
      `${lines} messages since ${formatSeconds(since)} are missing from the history: the disk was full or too slow.`,
    );
  }
}
