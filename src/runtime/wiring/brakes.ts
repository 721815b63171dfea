/** Several readers of the log may hold a flooding dyno back; it goes on when none of them does. */
import type { Brake } from '../logplex/brake.js';

/** As much of the engine as is needed here. */
export interface Braked {
  pauseOutput(process: string): void;
  resumeOutput(): void;
}

export class Brakes {
  private readonly holding = new Set<Brake>();

  /** @param engine is looked up when it is needed: brakes are made before it */
  constructor(private readonly engine: () => Braked) {}

  /** A brake for one reader. */
  make(): Brake {
    const brake: Brake = {
      hold: (process) => {
        this.holding.add(brake);
        this.engine().pauseOutput(process);
      },
      release: () => {
        this.holding.delete(brake);
        if (this.holding.size === 0) this.engine().resumeOutput();
      },
    };
    return brake;
  }
}
