/**
 * Two pages of memory: one is filled while the other is on its way to the disk. Lines wait as
 * bytes in the same memory again and again, so a flood makes no garbage that lives for long; a
 * page that is never full costs only as much memory as was touched.
 */

/** Bytes of a page; two of them are all that may wait for a slow disk. */
const PAGE = 2 * 1024 * 1024;

/** Longest UTF-8 form of a character of a JavaScript string. */
const MOST_BYTES = 3;

export class Pages {
  #filling: Buffer | undefined;
  #spare: Buffer | undefined;
  #length = 0;
  #lines = 0;

  /** Bytes on the page that is filled. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds whole lines.
   * @returns false when the page has no room for them
   */
  add(text: string, lines: number): boolean {
    this.#filling ??= Buffer.allocUnsafeSlow(PAGE);
    const room = PAGE - this.#length;
    if (text.length * MOST_BYTES > room && Buffer.byteLength(text) > room) return false;
    this.#length += this.#filling.write(text, this.#length);
    this.#lines += lines;
    return true;
  }

  /** Takes what was filled, and begins the other page. Give the page back when it is written. */
  turn(): { readonly page: Buffer; readonly bytes: Buffer; readonly lines: number } {
    const page = this.#filling ?? Buffer.alloc(0);
    const turned = { page, bytes: page.subarray(0, this.#length), lines: this.#lines };
    this.#filling = this.#spare;
    this.#spare = undefined;
    this.#length = 0;
    this.#lines = 0;
    return turned;
  }

  /** Takes a page back for later use. */
  giveBack(page: Buffer): void {
    if (page.length === PAGE) this.#spare = page;
  }
}
