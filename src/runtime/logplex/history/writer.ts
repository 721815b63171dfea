/**
 * Writes the history of one app. Appending never waits: lines are written together, a moment
 * later. A disk that is full, or too slow, costs lines of the history only, and they are counted.
 */
import { countLines, formatHeroku, formatSeconds, type LogLine, microsecondsNow } from '../line.js';
import type { HistoryMark } from './read.js';
import { SegmentFile } from './segment-file.js';
import type { HistoryLimits } from './segments.js';

/** How long a line waits before it is written, in ms: what a kill -9 may cost. */
const FLUSH_INTERVAL = 50;

/** Characters that are written at once, and that are written before the interval is over. */
const BATCH = 512 * 1024;

/** Characters that may wait for a slow disk. */
const MOST_WAITING = 8 * 1024 * 1024;

/** ms after which a disk that failed is tried again. */
const RETRY = 15_000;

/** A message to write, or somebody who wants to know when all before it is written. */
type Entry = LogLine | ((mark: HistoryMark | undefined) => void);

/** `idle`: nothing waits; `failed`: the disk took nothing, and is tried again later. */
type State = 'idle' | 'scheduled' | 'writing' | 'failed' | 'closed';

export class HistoryWriter {
  readonly #file: SegmentFile;
  #state: State = 'idle';
  #waiting: Entry[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;
  #missing = { lines: 0, since: 0 };

  /**
   * @param folder `.paas/logs` of the app; made when the first line is written
   * @param tell takes a sentence for the app's log: lines are missing, or torn
   */
  constructor(
    readonly folder: string,
    limits: HistoryLimits,
    private readonly tell: (text: string) => void,
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

  /** Takes a message. Never waits, never throws. */
  append(message: LogLine): void {
    if (this.#state === 'failed' || this.#characters > MOST_WAITING) {
      this.#miss(message);
      return;
    }
    if (this.#state === 'closed') return;
    this.#waiting.push(message);
    this.#characters += message.text.length;
    this.#schedule();
  }

  /**
   * Writes all that was appended before this call.
   * @returns where it ends; undefined when nothing was written yet
   */
  mark(): Promise<HistoryMark | undefined> {
    if (this.#state === 'failed' || this.#state === 'closed') {
      return Promise.resolve(this.#file.mark);
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#state !== 'writing') this.#begin();
    });
  }

  /** Writes what waits, and closes the file. */
  async close(): Promise<void> {
    await this.mark();
    clearTimeout(this.#timer);
    this.#state = 'closed';
    await this.#file.close();
  }

  #schedule(): void {
    if (this.#state === 'idle') {
      this.#state = 'scheduled';
      this.#timer = setTimeout(() => this.#begin(), FLUSH_INTERVAL);
    }
    if (this.#state === 'scheduled' && this.#characters >= BATCH) this.#begin();
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#state = 'writing';
    void this.#write();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        if (batch.length > 0) await this.#file.append(batch.map(formatHeroku).join(''));
      } catch (error) {
        this.#fail(error as Error, batch);
        return;
      }
      this.#answer();
    }
    this.#state = 'idle';
    this.#tellMissing();
  }

  /** The messages before the next one who asked, and no more than are written at once. */
  #takeBatch(): LogLine[] {
    const batch: LogLine[] = [];
    let characters = 0;
    for (const entry of this.#waiting) {
      if (typeof entry === 'function' || characters >= BATCH) break;
      batch.push(entry);
      characters += entry.text.length;
    }
    this.#waiting.splice(0, batch.length);
    this.#characters -= characters;
    return batch;
  }

  #answer(): void {
    for (let entry = this.#waiting[0]; typeof entry === 'function'; entry = this.#waiting[0]) {
      this.#waiting.shift();
      entry(this.#file.mark);
    }
  }

  #fail(error: Error, batch: readonly LogLine[]): void {
    const entries = [...batch, ...this.#waiting];
    const isNews = this.#missing.lines === 0;
    this.#waiting = [];
    this.#characters = 0;
    this.#state = 'failed';
    this.#timer = setTimeout(() => this.#retry(), RETRY).unref();
    for (const entry of entries) {
      if (typeof entry === 'function') entry(this.#file.mark);
      else this.#miss(entry);
    }
    if (!isNews) return;
    this.tell(
      `The history in ${this.folder} can't be written (${error.message}). New lines are kept in memory only until it can be.`,
    );
  }

  #retry(): void {
    this.#state = 'idle';
  }

  #miss(message: LogLine): void {
    if (this.#missing.lines === 0) this.#missing.since = microsecondsNow();
    this.#missing.lines += countLines(message.text);
  }

  #tellMissing(): void {
    const { lines, since } = this.#missing;
    if (lines === 0) return;
    this.#missing = { lines: 0, since: 0 };
    this.tell(
      `${lines} messages since ${formatSeconds(since)} are missing from the history: the disk was full or too slow.`,
    );
  }
}
