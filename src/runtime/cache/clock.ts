/**
 * A clock that follows another one but never goes back. When the machine's clock is set back, stored
 * responses would grow younger and be served for too long; on this clock they keep ageing.
 */
export class ForwardClock {
  readonly #source: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #offset = 0;

  /** @param source ms since the epoch */
  constructor(source: () => number) {
    this.#source = source;
  }

  /** ms, equal to the source's until that one first steps back. */
  now(): number {
    const read = this.#source();
    if (read < this.#last) this.#offset += this.#last - read;
    this.#last = read;
    return read + this.#offset;
  }
}
