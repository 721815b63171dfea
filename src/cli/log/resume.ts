/** Where a reader of a log stopped, so that it can go on in another session without gap or repeat. */
import type { LogLine } from '../../runtime/logplex/line.js';

/**
 * Counts lines of one time, because several may have the same: the next session is asked from that
 * time on, and as many lines of it are left out as were seen before.
 */
export class ResumePoint {
  #seen = 0;
  #skip = 0;

  /** @param time microseconds since the epoch: lines from then on are wanted */
  constructor(private time: number) {}

  /** What the next session must be asked for. */
  get since(): number {
    return this.time;
  }

  /** A new session begins, from `since` on. */
  begin(): void {
    this.#skip = this.#seen;
  }

  /** @returns whether the line is new */
  accept(line: LogLine): boolean {
    if (line.time === this.time && this.#skip > 0) {
      this.#skip -= 1;
      return false;
    }
    // Clocks of the sources differ a little: an older line is new too, but no place to go on from.
    if (line.time < this.time) return true;
    this.#seen = line.time === this.time ? this.#seen + 1 : 1;
    this.time = line.time;
    return true;
  }
}
