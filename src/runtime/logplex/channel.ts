/** The log of one app: what is published goes to recent lines, history, tails, drains, listeners. */
import type { LogMessage } from '../model.js';
import { type LogFilter, matcher } from './filter.js';
import { readHistory } from './history/read.js';
import { HISTORY_LIMITS } from './history/segments.js';
import { HistoryWriter } from './history/writer.js';
import { countLines, type LogLine, microsecondsNow } from './line.js';
import { Recent } from './recent.js';
import { Tail } from './tail.js';

/** Is told of each message at once, on the publisher's time: it must not wait and not throw. */
export type Listener = (message: LogMessage) => void;

/** One app's channel. Nothing in here makes a publisher wait. */
export class Channel {
  readonly #recent = new Recent();
  readonly #tails = new Set<Tail>();

  #history: HistoryWriter | undefined;

  /**
   * @param app its id
   * @param listeners are told of every message
   */
  constructor(
    private readonly app: string,
    private readonly listeners: ReadonlySet<Listener>,
  ) {}

  /** Keeps the log in this folder from now on, with what was published before. */
  keep(folder: string): void {
    if (this.#history) return;
    this.#history = new HistoryWriter(folder, HISTORY_LIMITS, (text) => this.#tell(text));
    this.#recent.each((message, lines) => this.#history?.append(message, lines));
  }

  publish(message: LogMessage): void {
    const lines = countLines(message.text);
    this.#recent.push(message, lines);
    this.#history?.append(message, lines);
    for (const tail of this.#tails) tail.push(message, lines);
    for (const listener of this.listeners) listener(message);
  }

  /** The newest lines that a filter wants, published before this call; oldest first. */
  async recent(filter: LogFilter, count: number): Promise<LogLine[]> {
    const found = this.#recent.newest(matcher(filter), count);
    if (found.length >= count || !this.#history || this.#recent.reaches(filter.since)) return found;
    const mark = await this.#history.mark();
    if (this.#history.failed) return found;
    const older = await readHistory(this.#history.folder, filter, count, mark);
    return older.lines.length > found.length ? older.lines : found;
  }

  tail(filter: LogFilter, lines: number): Tail {
    const history = lines > 0 ? this.recent(filter, lines) : Promise.resolve([]);
    const tail = new Tail(matcher(filter), history, (closed) => this.#tails.delete(closed));
    this.#tails.add(tail);
    return tail;
  }

  async close(): Promise<void> {
    for (const tail of this.#tails) tail.close();
    await this.#history?.close();
  }

  #tell(text: string): void {
    const time = microsecondsNow();
    this.publish({ app: this.app, time, source: 'heroku', process: 'logplex', text });
  }
}
