/**
 * Back-pressure: while the reader of the log is slow nothing is read from any dyno, so the pipes
 * fill up and the dynos wait in their writes.
 */

/** Something whose output can be held up. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Longest wait (ms) for a paused reader when a dyno has ended. */
const PATIENCE = 5_000;

export class Valve {
  readonly #sources = new Set<Source>();
  #state: 'open' | 'shut' = 'open';
  #opened: Array<() => void> = [];

  add(source: Source): void {
    this.#sources.add(source);
    if (this.#state === 'shut') source.pause();
  }

  remove(source: Source): void {
    this.#sources.delete(source);
  }

  shut(): void {
    if (this.#state === 'shut') return;
    this.#state = 'shut';
    for (const source of this.#sources) source.pause();
  }

  open(): void {
    if (this.#state === 'open') return;
    this.#state = 'open';
    for (const source of this.#sources) source.resume();
    for (const tell of this.#opened.splice(0)) tell();
  }

  /** Resolves when it is open, or when the wait has been long enough. */
  whenOpen(): Promise<void> {
    if (this.#state === 'open') return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      this.#opened.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
