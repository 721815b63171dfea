/** A session that follows an app's log: history first, then what is published, at its own pace. */
import { Backlog } from './backlog.js';
import { type Matcher, select } from './filter.js';
import { countLines, formatSeconds, type LogLine, microsecondsNow } from './line.js';

/** Messages that wait for a slow reader (reference section 5.2); ours may be blocks of lines. */
const LIMITS = { count: 1_024, unit: 'messages', characters: 4 * 1024 * 1024 } as const;

/**
 * Iterate it to read; each step gives a message (a line, or a block of lines of one process).
 * A reader that is too slow loses the oldest and is told so, first thing, with L11.
 * It ends by `close()`, by leaving the loop, or when Logplex closes.
 */
export class Tail implements AsyncIterable<LogLine> {
  readonly #backlog = new Backlog(LIMITS);
  #state: 'open' | 'closed' = 'open';
  #wake: (() => void) | undefined;

  /**
   * @param wanted which lines
   * @param history the lines before the first published one, oldest first
   * @param onClose called once
   */
  constructor(
    private readonly wanted: Matcher,
    private readonly history: Promise<readonly LogLine[]>,
    private readonly onClose: (tail: Tail) => void,
  ) {}

  /** Takes a published message. Never waits. */
  push(message: LogLine, lines: number): void {
    const selected = select(this.wanted, message);
    if (!selected) return;
    const count = selected === message ? lines : countLines(selected.text);
    this.#backlog.push(selected, count, microsecondsNow());
    this.#wake?.();
  }

  /** Ends the session: what waits is still given to the reader, then the loop ends. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.onClose(this);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogLine, void, undefined> {
    try {
      yield* await this.history;
      for (;;) {
        const message = this.#next();
        if (message) yield message;
        else if (this.#state === 'closed') return;
        else await this.#published();
      }
    } finally {
      this.close();
    }
  }

  #next(): LogLine | undefined {
    const loss = this.#backlog.takeLoss();
    if (!loss) return this.#backlog.shift();
    const since = formatSeconds(loss.since);
    const text = `Error L11 (Tail buffer overflow) -> This tail session dropped ${loss.lines} messages since ${since}.`;
    // Where the lost ones were: a reader who goes on from its last time must not miss the next.
    const time = (this.#backlog.first?.time ?? microsecondsNow()) - 1;
    return { time, source: 'heroku', process: 'logplex', text };
  }

  #published(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
