/** Counts lost messages until somebody is told of them. */
import type { Loss } from '../backlog.js';

export class LossCount {
  #loss: Loss | undefined;

  add(loss: Loss | undefined): void {
    if (!loss || loss.lines === 0) return;
    const since = Math.min(this.#loss?.since ?? loss.since, loss.since);
    this.#loss = { lines: (this.#loss?.lines ?? 0) + loss.lines, since };
  }

  /** What was lost since the last call. */
  take(): Loss | undefined {
    const loss = this.#loss;
    this.#loss = undefined;
    return loss;
  }
}
