/**
 * Lets a crowd of new connections in. libuv accepts one connection per turn of the event loop: while
 * a turn answers hundreds of requests, those who stand before the door wait for seconds. So as long
 * as connections arrive, each turn begins only a few requests; the others follow when all are in.
 */

/** Requests that are begun per turn while connections arrive. */
const PER_TURN = 4;

export class Doorway {
  private state: 'calm' | 'crowded' = 'calm';
  private arrivals = 0;
  private waiting: (() => void)[] = [];

  /** A connection was accepted: more may stand behind it. */
  arrived(): void {
    this.arrivals += 1;
    if (this.state === 'crowded') return;
    this.state = 'crowded';
    setImmediate(this.turn);
  }

  /** Begins something now, or in a moment. */
  enter(begin: () => void): void {
    if (this.state === 'calm') begin();
    else this.waiting.push(begin);
  }

  private readonly turn = (): void => {
    const { waiting } = this;
    if (this.arrivals === 0) {
      this.state = 'calm';
      this.waiting = [];
      for (const begin of waiting) begin();
      return;
    }
    this.arrivals = 0;
    setImmediate(this.turn);
    for (const begin of waiting.splice(0, PER_TURN)) begin();
  };
}
