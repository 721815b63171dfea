/** Lines that are kept on disk, for a search. */
import { linesBackwards } from '../../runtime/logplex/history/read.js';
import type { LogLine } from '../../runtime/logplex/line.js';

/** Lines that were cut off, and left out. */
export class TornCount {
  #lines = 0;

  add(lines: number): void {
    this.#lines += lines;
  }

  /** Says how many there were, if any. */
  tell(say: (text: string) => void): void {
    if (this.#lines === 1) say('One line was cut off when the platform ended, and is left out.');
    if (this.#lines > 1) {
      say(`${this.#lines} lines were cut off when the platform ended, and are left out.`);
    }
  }
}

/** All of them, newest first, in batches. */
export async function* kept(folder: string, torn?: TornCount): AsyncGenerator<LogLine[]> {
  for await (const part of linesBackwards(folder)) {
    torn?.add(part.torn);
    yield part.lines;
  }
}
