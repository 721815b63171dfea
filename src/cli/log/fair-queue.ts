/**
 * Lines that wait for the terminal, a lane for each process. Every process gets its share of what
 * the terminal can take, so a process that floods delays and drops its own lines, not another's.
 */
import { Fifo } from '../../runtime/logplex/fifo.js';
import type { LogLine } from '../../runtime/logplex/line.js';

interface Piece {
  /** Place in the order of arrival. */
  readonly order: number;
  readonly message: LogLine;
}

interface Lane {
  readonly process: string;
  readonly pieces: Fifo<Piece>;
  /** Characters of the first piece that were taken already. */
  taken: number;
  characters: number;
}

/** A queue per process, emptied fairly. It counts in characters of text. */
export class FairQueue {
  readonly #lanes = new Map<string, Lane>();
  #order = 0;
  #characters = 0;

  /** Characters that wait. */
  get characters(): number {
    return this.#characters;
  }

  /** Processes with waiting lines. */
  get processes(): number {
    return this.#lanes.size;
  }

  /** Characters that wait of one process. */
  waitingOf(process: string): number {
    return this.#lanes.get(process)?.characters ?? 0;
  }

  push(message: LogLine): void {
    const lane = this.#lanes.get(message.process) ?? this.#newLane(message.process);
    lane.pieces.push({ order: this.#order++, message });
    lane.characters += message.text.length + 1;
    this.#characters += message.text.length + 1;
  }

  /**
   * Takes about so many characters, of each process the same share and at least one line.
   * @returns blocks in the order of their arrival
   */
  take(characters: number): LogLine[] {
    const pieces: Piece[] = [];
    let left = characters;
    while (left > 0 && this.#lanes.size > 0) {
      const share = Math.floor(left / this.#lanes.size);
      for (const lane of this.#lanes.values()) left -= this.#takeShare(lane, share, pieces);
    }
    return pieces.sort((one, other) => one.order - other.order).map(({ message }) => message);
  }

  /**
   * Drops the oldest lines of the process that has most of them waiting, until so few are left.
   * @returns how many lines were dropped
   */
  dropTo(characters: number): number {
    let lines = 0;
    while (this.#characters > characters) {
      const longest = [...this.#lanes.values()].reduce((one, other) =>
        other.characters > one.characters ? other : one,
      );
      const dropped = this.#takeFirst(longest, this.#characters - characters);
      for (let at = -1; at !== dropped.message.text.length; lines += 1) {
        const next = dropped.message.text.indexOf('\n', at + 1);
        at = next === -1 ? dropped.message.text.length : next;
      }
    }
    return lines;
  }

  #newLane(process: string): Lane {
    const lane: Lane = { process, pieces: new Fifo(), taken: 0, characters: 0 };
    this.#lanes.set(process, lane);
    return lane;
  }

  #takeShare(lane: Lane, share: number, into: Piece[]): number {
    let taken = 0;
    do {
      const piece = this.#takeFirst(lane, share - taken);
      into.push(piece);
      taken += piece.message.text.length + 1;
    } while (taken < share && lane.characters > 0);
    return taken;
  }

  /** The first piece of a lane, or its first lines of at most so many characters (one at least). */
  #takeFirst(lane: Lane, characters: number): Piece {
    const first = lane.pieces.first!;
    const { text } = first.message;
    const from = lane.taken;
    const end = endOfLines(text, from, characters);
    if (end === text.length) {
      lane.pieces.shift();
      lane.taken = 0;
    } else {
      lane.taken = end + 1;
    }
    lane.characters -= end + 1 - from;
    this.#characters -= end + 1 - from;
    if (lane.pieces.length === 0) this.#lanes.delete(lane.process);
    return from === 0 && end === text.length
      ? first
      : { order: first.order, message: { ...first.message, text: text.slice(from, end) } };
  }
}

/** Where the last line ends that begins at `from` or later and fits; the first line always does. */
function endOfLines(text: string, from: number, characters: number): number {
  if (text.length - from <= characters) return text.length;
  const last = text.lastIndexOf('\n', from + Math.max(0, characters));
  if (last >= from) return last;
  const first = text.indexOf('\n', from);
  return first === -1 ? text.length : first;
}
