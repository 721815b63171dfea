/** Which dynos somebody asked to have replaced and that are still there: `paas wait` waits for others. */
import type { Dyno } from '../model.js';

export class Restarts {
  /** Ids of dynos. */
  private asked = new Set<string>();

  /**
   * These are to be replaced.
   * @param all every dyno that there is now: what was asked of others is forgotten
   */
  ask(dynos: readonly Dyno[], all: readonly Dyno[]): void {
    const still = all.filter(({ id }) => this.asked.has(id));
    this.asked = new Set([...still, ...dynos].map(({ id }) => id));
  }

  /** True for a dyno in whose slot there will be another. */
  isOutdated(dyno: Dyno): boolean {
    return this.asked.has(dyno.id);
  }
}
