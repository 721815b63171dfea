/** The newest lines of an app in memory: Logplex's own 1,500 (reference section 5.2). */

import { type Matcher, select, splitLines } from './filter.js';
import { DISORDER } from './history/read.js';
import type { LogLine } from './line.js';

/** Lines that are surely kept; blocks are kept whole, so there may be more. */
export const RECENT_LINES = 1_500;

/** Characters of text after which fewer lines than that are kept. */
const RECENT_CHARACTERS = 1024 * 1024;

interface Kept {
  readonly message: LogLine;
  readonly lines: number;
}

/** Keeps blocks while any of the newest 1,500 lines is in them. */
export class Recent {
  readonly #kept: Kept[] = [];
  #lines = 0;
  #characters = 0;

  push(message: LogLine, lines: number): void {
    this.#kept.push({ message, lines });
    this.#lines += lines;
    this.#characters += message.text.length;
    this.#trim();
  }

  /**
   * The newest lines that a matcher wants.
   * @param count at most so many
   * @returns single lines, oldest first
   */
  newest(wanted: Matcher, count: number): LogLine[] {
    const blocks: LogLine[][] = [];
    let found = 0;
    for (let at = this.#kept.length - 1; at >= 0 && found < count; at -= 1) {
      const message = select(wanted, this.#kept[at]!.message);
      if (!message) continue;
      const lines = splitLines(message);
      found += lines.length;
      blocks.push(lines);
    }
    return blocks
      .reverse()
      .flat()
      .slice(Math.max(0, found - count));
  }

  /** Whether everything since that time (microseconds) is still here. */
  reaches(since: number | undefined): boolean {
    const oldest = this.#kept[0]?.message.time;
    return since !== undefined && oldest !== undefined && oldest < since - DISORDER;
  }

  /** Tells all that is kept, oldest first, in the blocks that came. */
  each(tell: (message: LogLine, lines: number) => void): void {
    for (const { message, lines } of this.#kept) tell(message, lines);
  }

  #trim(): void {
    let first = this.#kept[0];
    while (
      first &&
      this.#kept.length > 1 &&
      (this.#lines - first.lines >= RECENT_LINES || this.#characters > RECENT_CHARACTERS)
    ) {
      this.#kept.shift();
      this.#lines -= first.lines;
      this.#characters -= first.message.text.length;
      first = this.#kept[0];
    }
  }
}
