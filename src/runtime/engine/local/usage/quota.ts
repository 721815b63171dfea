/** What follows from the memory and the processes of a dyno. Pure. */
import type { Quota } from './sizes.js';

/** One look at a dyno. */
export interface Usage {
  /** Bytes of resident memory, what its processes share counted once. */
  readonly memory: number;
  /** Processes and threads. */
  readonly tasks: number;
  /** Tasks that run or want to run at this moment. */
  readonly running: number;
  /** Share of one core since the look before: 0.5 is half of it. */
  readonly cpu: number;
}

export type Verdict =
  | { readonly kind: 'fine' }
  | { readonly kind: 'warn'; readonly lines: readonly string[] }
  | { readonly kind: 'kill'; readonly reason: 'R15' | 'exit'; readonly lines: readonly string[] };

const MB = 1024 * 1024;

/**
 * R14 above the quota of memory, R15 above twice of it
 * (https://devcenter.heroku.com/articles/error-codes#r14-memory-quota-exceeded). Heroku lets no
 * dyno fork beyond its limit; where the kernel does not see to that, one that has twice as many tasks
 * is taken for a fork bomb.
 * @param refused processes that the kernel refused since the look before
 */
export function judge(usage: Usage, quota: Quota, refused = 0): Verdict {
  const memory = running(usage.memory, quota);
  if (usage.memory > 2 * quota.memory) {
    return { kind: 'kill', reason: 'R15', lines: vastlyExceeded(usage.memory, quota) };
  }
  const tasks = `Process limit exceeded: ${usage.tasks} processes and threads, and the size allows ${quota.processes}`;
  if (usage.tasks > 2 * quota.processes) return { kind: 'kill', reason: 'exit', lines: [tasks] };
  const lines = [
    ...(usage.memory > quota.memory ? [memory, 'Error R14 (Memory quota exceeded)'] : []),
    ...(usage.tasks > quota.processes ? [tasks] : []),
    ...(refused > 0 ? [refusal(refused, quota)] : []),
  ];
  return lines.length > 0 ? { kind: 'warn', lines } : { kind: 'fine' };
}

/** R15. @param memory bytes that it had */
export function vastlyExceeded(memory: number, quota: Quota): string[] {
  return [running(memory, quota), 'Error R15 (Memory quota vastly exceeded)'];
}

function running(memory: number, quota: Quota): string {
  return `Process running mem=${megabytes(memory)}M(${percent(memory, quota.memory)}%)`;
}

function refusal(refused: number, quota: Quota): string {
  return `Process limit reached: the size allows ${quota.processes} processes and threads; ${refused} more could not be started`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MB);
}

function percent(part: number, whole: number): string {
  return ((100 * part) / whole).toFixed(1);
}
