/** Attached one-off dynos: each runs on its caller's terminal for as long as a call is open. */
import { before } from './before.js';

export class Leases {
  /** By when they have ended: what tells the caller to hang the process up. */
  private readonly held = new Map<Promise<void>, () => void>();

  /** @param ended resolves when the process has ended, or its caller has gone; never rejects */
  hold(ended: Promise<void>, hangUp: () => void): void {
    this.held.set(ended, hangUp);
    void ended.then(() => this.held.delete(ended));
  }

  /**
   * Hangs all of them up, and waits until they have ended.
   * @param patience aborted when that has taken long enough: a process may ignore it
   */
  async hangUp(patience: AbortSignal): Promise<void> {
    for (const hangUp of this.held.values()) hangUp();
    await before(patience, Promise.all(this.held.keys()));
  }
}
