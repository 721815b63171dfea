/**
 * One timer for every timeout of the router. Each thing with a deadline is looked at a few times a
 * second, which costs less than arming and clearing a timer per request, and nothing when idle.
 */
export interface Watched {
  /** Looks at its deadlines. @param now ms of the monotonic clock, a tick ago */
  check(now: number): void;
}

export class Watch {
  /** Time of the last tick: exact enough to note when a byte passed. */
  now = performance.now();
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  /** @param tick ms between two looks */
  constructor(private readonly tick: number) {}

  add(item: Watched): void {
    this.watched.add(item);
    if (this.timer !== undefined) return;
    this.now = performance.now();
    this.timer = setInterval(() => this.look(), this.tick);
    this.timer.unref();
  }

  remove(item: Watched): void {
    this.watched.delete(item);
  }

  /**
   * What happened since the last tick was noted with its time, so that is when it counts from: a
   * deadline is up to two ticks late and never early, not even when this process was held up.
   */
  private look(): void {
    const before = this.now;
    this.now = performance.now();
    for (const item of this.watched) item.check(before);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
