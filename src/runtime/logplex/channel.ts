/** The log of one app: what is published goes to recent lines, history, tails, drains, listeners. */

import type { ConfigVars, Drain, LogMessage } from '../model.js';
import type { Brake } from './brake.js';
import { DrainSender } from './drain/sender.js';
import { type LogFilter, matcher } from './filter.js';
import { readHistory } from './history/read.js';
import { HISTORY_LIMITS } from './history/segments.js';
import { HistoryWriter } from './history/writer.js';
import { countLines, type LogLine, microsecondsNow } from './line.js';
import { createMask, type MaskScope, masked, secretsIn } from './mask.js';
import { Recent } from './recent.js';
import { Tail } from './tail.js';

/** How long, in ms, a drain has to take what waits for it at the end. */
const DRAIN_PATIENCE = 1_000;

/** Is told of each message at once, on the publisher's time: it must not wait and not throw. */
export type Listener = (message: LogMessage) => void;

/** One app's channel. Nothing in here makes a publisher wait. */
export class Channel {
  readonly #recent = new Recent();
  readonly #tails = new Set<Tail>();

  readonly #drains = new Map<string, DrainSender>();
  readonly #secrets = new Set<string>();
  #masked = (message: LogMessage): LogMessage => message;
  #history: HistoryWriter | undefined;

  /**
   * @param app its id
   * @param listeners are told of every message
   * @param brake holds processes back that write more than the disk takes
   */
  constructor(
    private readonly app: string,
    private readonly listeners: ReadonlySet<Listener>,
    private readonly brake: Brake | undefined,
  ) {}

  /** Keeps the log in this folder from now on, with what was published before. */
  keep(folder: string): void {
    if (this.#history) return;
    this.#history = new HistoryWriter(
      folder,
      HISTORY_LIMITS,
      (text) => this.#tell(text),
      this.brake,
    );
    this.#recent.each((message, lines) => this.#history?.append(message, lines));
  }

  /**
   * Hides secrets of these config vars from now on, before anybody gets to see them. Those of
   * earlier ones stay hidden: there are dynos that have them still.
   */
  setMask(config: ConfigVars, scope: MaskScope): void {
    for (const secret of secretsIn(config)) this.#secrets.add(secret);
    const mask = createMask([...this.#secrets].sort((one, other) => other.length - one.length));
    this.#masked = (message) => masked(message, mask, scope);
  }

  publish(published: LogMessage): void {
    const message = this.#masked(published);
    const lines = countLines(message.text);
    for (const drain of this.#drains.values()) drain.push(message, lines);
    this.#keep(message, lines);
  }

  /**
   * Forwards to these drains, and to no others, from now on.
   * @throws PlatformError invalid_params for a URL that is none of a drain
   */
  setDrains(drains: readonly Drain[]): void {
    for (const [id, sender] of this.#drains) {
      if (drains.some((drain) => drain.id === id)) continue;
      this.#drains.delete(id);
      void sender.close(DRAIN_PATIENCE);
    }
    for (const drain of drains) {
      if (this.#drains.has(drain.id)) continue;
      this.#drains.set(drain.id, new DrainSender(drain, (text) => this.#tellHere(text)));
    }
  }

  #keep(message: LogMessage, lines: number): void {
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

  /** Drains first: what they lost is told to the tails and the history. */
  async close(): Promise<void> {
    await Promise.all([...this.#drains.values()].map((drain) => drain.close(DRAIN_PATIENCE)));
    this.#drains.clear();
    for (const tail of this.#tails) tail.close();
    await this.#history?.close();
  }

  #tell(text: string): void {
    this.publish(this.#line(text));
  }

  /** What a drain lost is no news for the drains. */
  #tellHere(text: string): void {
    this.#keep(this.#line(text), 1);
  }

  #line(text: string): LogMessage {
    return {
      app: this.app,
      time: microsecondsNow(),
      source: 'heroku',
      process: 'logplex',
      text,
    };
  }
}
