/** A bounded queue of log messages that drops its oldest and counts what it dropped. */
import { Fifo } from './fifo.js';
import { countLines, type LogLine } from './line.js';

/** How much a backlog may hold. */
export interface BacklogLimits {
  /** Messages, or lines where `unit` says so. */
  readonly count: number;
  /** A block of lines counts as one message, or as its lines. */
  readonly unit: 'messages' | 'lines';
  /** Characters of text. */
  readonly characters: number;
}

/** Lines that were dropped, and when the first of them was (microseconds since the epoch). */
export interface Loss {
  readonly lines: number;
  readonly since: number;
}

interface Entry {
  readonly message: LogLine;
  readonly lines: number;
}

/** Blocks stay whole; where the limit is in lines the oldest one may be cut. */
export class Backlog {
  readonly #entries = new Fifo<Entry>();
  #lines = 0;
  #characters = 0;
  #loss: Loss | undefined;

  constructor(private limits: BacklogLimits) {}

  /** Lines that wait. */
  get lines(): number {
    return this.#lines;
  }

  /** Other limits from now on; what is too much is dropped. */
  resize(limits: BacklogLimits, now: number): void {
    this.limits = limits;
    this.#trim(now);
  }

  /**
   * @param lines how many lines the message has
   * @param now microseconds since the epoch, for the loss
   */
  push(message: LogLine, lines: number, now: number): void {
    this.#entries.push({ message, lines });
    this.#lines += lines;
    this.#characters += message.text.length;
    this.#trim(now);
  }

  /** The oldest message, which stays. */
  get first(): LogLine | undefined {
    return this.#entries.first?.message;
  }

  /** The oldest message, or undefined when nothing waits. */
  shift(): LogLine | undefined {
    const entry = this.#entries.shift();
    if (!entry) return undefined;
    this.#lines -= entry.lines;
    this.#characters -= entry.message.text.length;
    return entry.message;
  }

  /**
   * The oldest lines, so many that they fit, and one at least.
   * @param characters of text
   */
  shiftPart(characters: number): LogLine | undefined {
    const entry = this.#entries.first;
    if (!entry) return undefined;
    const { text } = entry.message;
    if (entry.lines === 1 || text.length <= characters) return this.shift();
    const fitting = text.lastIndexOf('\n', characters);
    const end = fitting === -1 ? text.indexOf('\n') : fitting;
    const part = { ...entry.message, text: text.slice(0, end) };
    const lines = countLines(part.text);
    this.#lines -= lines;
    this.#characters -= end + 1;
    const message = { ...entry.message, text: text.slice(end + 1) };
    this.#entries.replaceFirst({ message, lines: entry.lines - lines });
    return part;
  }

  /** What was dropped since the last call. */
  takeLoss(): Loss | undefined {
    const loss = this.#loss;
    this.#loss = undefined;
    return loss;
  }

  #trim(now: number): void {
    for (let excess = this.#excess(); excess > 0; excess = this.#excess()) {
      this.#dropOldest(excess, now);
    }
  }

  /** How many lines of the oldest entry must go: infinite where it must go whole. */
  #excess(): number {
    const { count, unit, characters } = this.limits;
    const waiting = this.#entries.length;
    // The newest message stays, however large.
    if (this.#characters > characters && waiting > 1) return Number.POSITIVE_INFINITY;
    if (unit === 'lines') return this.#lines - count;
    return waiting > count ? Number.POSITIVE_INFINITY : 0;
  }

  #dropOldest(excess: number, now: number): void {
    const entry = this.#entries.first!;
    const lines = Math.min(excess, entry.lines);
    this.#loss = { lines: (this.#loss?.lines ?? 0) + lines, since: this.#loss?.since ?? now };
    this.#lines -= lines;
    this.#characters -= entry.message.text.length;
    if (lines === entry.lines) {
      this.#entries.shift();
      return;
    }
    const rest = withoutFirst(entry, lines);
    this.#characters += rest.message.text.length;
    this.#entries.replaceFirst(rest);
  }
}

function withoutFirst({ message, lines }: Entry, count: number): Entry {
  let from = 0;
  for (let gone = 0; gone < count; gone += 1) from = message.text.indexOf('\n', from) + 1;
  return { message: { ...message, text: message.text.slice(from) }, lines: lines - count };
}
