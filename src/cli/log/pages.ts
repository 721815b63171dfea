/**
 * Memory in which rendered lines wait, used again and again: text that waited as strings would be
 * garbage of the long-lived kind, and a flood would grow the heap to many times what waits.
 */

/** Bytes of a page: more than one read of a dyno's output, rendered. */
const PAGE = 128 * 1024;

/** Pages that are kept for later. */
const MOST_SPARE = 48;

/** Longest UTF-8 form of one UTF-16 unit. */
const MOST_BYTES = 3;

export interface Page {
  readonly bytes: Buffer;
  /** Bytes that are taken from its beginning. */
  filled: number;
  /** Pieces on it that still wait. */
  pieces: number;
}

export class Pages {
  readonly #spare: Page[] = [];

  /** A page with room for the text: the given one where it has room, else another. */
  withRoom(page: Page | undefined, text: string): Page {
    if (page && hasRoom(page, text)) return page;
    const spare = this.#spare.at(-1);
    if (spare && hasRoom(spare, text)) return this.#spare.pop()!;
    const size = text.length <= PAGE / MOST_BYTES ? PAGE : Math.max(PAGE, Buffer.byteLength(text));
    return { bytes: Buffer.allocUnsafeSlow(size), filled: 0, pieces: 0 };
  }

  /** Takes back a page on which nothing waits. */
  giveBack(page: Page): void {
    page.filled = 0;
    if (page.bytes.length === PAGE && this.#spare.length < MOST_SPARE) this.#spare.push(page);
  }
}

function hasRoom({ bytes, filled }: Page, text: string): boolean {
  const room = bytes.length - filled;
  return text.length * MOST_BYTES <= room || Buffer.byteLength(text) <= room;
}
