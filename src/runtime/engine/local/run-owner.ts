/** Whoever decides what follows a crash of a dyno. */
import type { CrashMemory } from './crash-echo.js';
import type { DynoRun } from './dyno-run.js';

export interface RunOwner {
  /** @returns when the next dyno starts in this slot (ms since the epoch), or undefined for never */
  crashed(run: DynoRun): number | undefined;
  /** What is remembered of the crash before. */
  readonly memory: CrashMemory;
}
