/**
 * Lines that wait for the terminal, a lane for each process. Every process gets its share of what
 * the terminal can take, so a process that floods delays and drops its own lines, not another's.
 */
import { Fifo } from '../../runtime/logplex/fifo.js';
import { type Page, Pages } from './pages.js';

/** Whole lines on a page, with their newlines. */
interface Piece {
  /** Place in the order of arrival. */
  readonly order: number;
  readonly page: Page;
  readonly from: number;
  readonly to: number;
}

interface Lane {
  readonly process: string;
  readonly pieces: Fifo<Piece>;
  /** Bytes that wait. */
  bytes: number;
  /** The page that is being filled. */
  page: Page | undefined;
}

const NEWLINE = 0x0a;

/** A queue per process, emptied fairly. */
export class FairQueue {
  readonly #lanes = new Map<string, Lane>();
  readonly #pages = new Pages();
  #order = 0;
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Processes with waiting lines. */
  get processes(): number {
    return this.#lanes.size;
  }

  /** Bytes that wait of one process. */
  waitingOf(process: string): number {
    return this.#lanes.get(process)?.bytes ?? 0;
  }

  /** @param text whole lines, each with its newline */
  push(process: string, text: string): void {
    const lane = this.#laneOf(process);
    const page = this.#pages.withRoom(lane.page, text);
    const from = page.filled;
    page.filled += page.bytes.write(text, from);
    page.pieces += 1;
    lane.page = page;
    lane.pieces.push({ order: this.#order++, page, from, to: page.filled });
    lane.bytes += page.filled - from;
    this.#bytes += page.filled - from;
  }

  /**
   * Takes about so many bytes, of each process the same share and at least one line, and puts them
   * in the order of their arrival.
   * @param into where they go, from `at` on; what has no room there stays
   * @returns where they end
   */
  take(into: Buffer, at: number, bytes: number): number {
    const pieces: Piece[] = [];
    let left = bytes;
    let room = into.length - at;
    while (left > 0 && this.#lanes.size > 0) {
      const share = Math.floor(left / this.#lanes.size);
      const before = room;
      for (const lane of this.#lanes.values()) room -= this.#takeShare(lane, share, room, pieces);
      if (room === before) break;
      left -= before - room;
    }
    pieces.sort((one, other) => one.order - other.order);
    let end = at;
    for (const { page, from, to } of pieces) {
      end += page.bytes.copy(into, end, from, to);
      this.#release(page);
    }
    return end;
  }

  /**
   * Drops the oldest lines of the process that has most of them waiting, until so many bytes are left.
   * @returns how many lines were dropped
   */
  dropTo(bytes: number): number {
    let lines = 0;
    while (this.#bytes > bytes) {
      const longest = [...this.#lanes.values()].reduce((one, other) =>
        other.bytes > one.bytes ? other : one,
      );
      const excess = this.#bytes - bytes;
      const { page, from, to } = this.#takeFirst(longest, excess, Number.POSITIVE_INFINITY)!;
      lines += linesIn(page.bytes, from, to);
      this.#release(page);
    }
    return lines;
  }

  #laneOf(process: string): Lane {
    const found = this.#lanes.get(process);
    if (found) return found;
    const lane: Lane = { process, pieces: new Fifo(), bytes: 0, page: undefined };
    this.#lanes.set(process, lane);
    return lane;
  }

  /** @param room bytes that must not be exceeded, as the share may be by a line */
  #takeShare(lane: Lane, share: number, room: number, into: Piece[]): number {
    let taken = 0;
    do {
      const piece = this.#takeFirst(lane, share - taken, room - taken);
      if (!piece) break;
      into.push(piece);
      taken += piece.to - piece.from;
    } while (taken < share && lane.bytes > 0);
    return taken;
  }

  /**
   * The first piece of a lane, or its first lines of at most so many bytes (one at least).
   * @returns undefined when there is no room for them
   */
  #takeFirst(lane: Lane, bytes: number, room: number): Piece | undefined {
    const first = lane.pieces.first!;
    const { page, order, from } = first;
    const to = endOfLines(first, bytes);
    if (to - from > room) return undefined;
    if (to === first.to) {
      lane.pieces.shift();
    } else {
      page.pieces += 1;
      lane.pieces.replaceFirst({ order, page, from: to, to: first.to });
    }
    lane.bytes -= to - from;
    this.#bytes -= to - from;
    if (lane.bytes === 0) this.#lanes.delete(lane.process);
    return { order, page, from, to };
  }

  #release(page: Page): void {
    page.pieces -= 1;
    if (page.pieces === 0) this.#pages.giveBack(page);
  }
}

/** Where the last line ends that fits into so many bytes; the first line always does. */
function endOfLines({ page, from, to }: Piece, bytes: number): number {
  if (to - from <= bytes) return to;
  const last = bytes > 0 ? page.bytes.lastIndexOf(NEWLINE, from + bytes - 1) : -1;
  if (last >= from) return last + 1;
  return page.bytes.indexOf(NEWLINE, from) + 1;
}

function linesIn(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at = bytes.indexOf(NEWLINE, at) + 1) lines += 1;
  return lines;
}
