/**
 * Notices that the machine fills up, between two looks at the dynos: a fork bomb or a leak does not
 * wait for the next one. Two small files of /proc, so it may be asked often; Linux only.
 */
import { readSmall } from './small-file.js';

/** More than this since the last look, on the whole machine, is worth a look. */
const TASKS = 200;
const MEMORY = 512 * 1024 * 1024;

/** How full the machine is. */
export interface Fullness {
  /** Processes and threads. */
  readonly tasks: number;
  /** Bytes that could still be had. */
  readonly available: number;
}

/** @returns undefined where the system does not tell it so cheaply */
export function readFullness(): Fullness | undefined {
  if (process.platform !== 'linux') return undefined;
  const tasks = /\/(\d+) /.exec(readSmall('/proc/loadavg') ?? '');
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(readSmall('/proc/meminfo') ?? '');
  if (!tasks || !available) return undefined;
  return { tasks: Number(tasks[1]), available: 1024 * Number(available[1]) };
}

/** True when much came since. Pure. */
export function fillsUp(before: Fullness | undefined, now: Fullness | undefined): boolean {
  if (!before || !now) return false;
  return now.tasks - before.tasks > TASKS || before.available - now.available > MEMORY;
}
