/** Several readers of the log may hold a flooding dyno back; it goes on when none of them does. */
import type { Brake } from '../logplex/brake.js';

/** As much of the engine as is needed here. */
export interface Braked {
  pauseOutput(process: string): void;
  resumeOutput(process: string): void;
}

export class Brakes {
  /** What each reader holds. */
  private readonly held = new Set<Set<string>>();

  /** @param engine is looked up when it is needed: brakes are made before it */
  constructor(private readonly engine: () => Braked) {}

  /** A brake for one reader. */
  make(): Brake {
    const mine = new Set<string>();
    this.held.add(mine);
    return {
      hold: (process) => {
        if (mine.has(process)) return;
        mine.add(process);
        this.engine().pauseOutput(process);
      },
      release: () => {
        const held = [...mine];
        mine.clear();
        for (const process of held) if (!this.isHeld(process)) this.engine().resumeOutput(process);
      },
    };
  }

  private isHeld(process: string): boolean {
    return [...this.held].some((names) => names.has(process));
  }
}
