/** Lines around those that were looked for, as `grep -C` shows them. */
import type { LogLine } from '../../runtime/logplex/line.js';

/** Stands between two groups of lines that do not touch, as grep's `--`. */
export const GAP = Symbol('gap');

export class ContextWindow {
  /** Lines that may come to stand before a found one. */
  #before: LogLine[] = [];
  /** How many of the coming lines belong to the last found one. */
  #after = 0;
  #gap: 'none' | 'possible' | 'certain' = 'none';

  /** @param size lines before and after each found line; 0: found lines only, and no gaps */
  constructor(private readonly size: number) {}

  /**
   * @param found whether the line is one that was looked for
   * @returns what is to be shown now
   */
  push(line: LogLine, found: boolean): (LogLine | typeof GAP)[] {
    if (found) return this.#found(line);
    if (this.#after > 0) {
      this.#after -= 1;
      return [line];
    }
    this.#before.push(line);
    if (this.#before.length > this.size) {
      this.#before.shift();
      if (this.#gap === 'possible') this.#gap = 'certain';
    }
    return [];
  }

  #found(line: LogLine): (LogLine | typeof GAP)[] {
    const before = this.#before;
    const gap = this.#gap === 'certain' && this.size > 0 ? ([GAP] as const) : [];
    this.#before = [];
    this.#after = this.size;
    this.#gap = 'possible';
    return [...gap, ...before, line];
  }
}
