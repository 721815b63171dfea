/** Sums what the processes of each dyno use. Pure, but for the second look at shared memory. */
import type { ProcessRow } from './process-table.js';
import type { Usage } from './quota.js';

/** Sums of one dyno at one moment. */
export interface Totals extends Omit<Usage, 'cpu'> {
  /** Seconds of processor time of all processes that live. */
  readonly cpuSeconds: number;
  readonly pids: readonly number[];
}

/**
 * @param rows all processes
 * @param groups process groups of the dynos
 * @returns group → totals of its members and of all their descendants, in whatever group those are
 */
export function totalsByGroup(
  rows: readonly ProcessRow[],
  groups: ReadonlySet<number>,
): Map<number, Totals> {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const members = new Map<number, ProcessRow[]>();
  for (const row of rows) {
    const group = groupOf(row, byPid, groups);
    if (group === undefined) continue;
    const found = members.get(group);
    if (found) found.push(row);
    else members.set(group, [row]);
  }
  return new Map([...members].map(([group, found]) => [group, sum(found)]));
}

/** The dyno that a process belongs to: by its own group, or by that of an ancestor. */
function groupOf(
  row: ProcessRow,
  byPid: ReadonlyMap<number, ProcessRow>,
  groups: ReadonlySet<number>,
): number | undefined {
  let current: ProcessRow | undefined = row;
  for (let steps = 0; current && steps < 64; steps += 1) {
    if (groups.has(current.group)) return current.group;
    current = byPid.get(current.parent);
  }
  return undefined;
}

function sum(rows: readonly ProcessRow[]): Totals {
  return {
    memory: rows.reduce((total, row) => total + row.memory, 0),
    tasks: rows.reduce((total, row) => total + row.threads, 0),
    running: rows.filter((row) => row.running).length,
    cpuSeconds: rows.reduce((total, row) => total + row.cpu, 0),
    pids: rows.map((row) => row.pid),
  };
}

/** A sum near the quota counts shared pages several times: these bytes are then worth a second look. */
export function needsSecondLook(memory: number, quota: number): boolean {
  return memory > 0.9 * quota;
}

/** @param seconds between the two looks */
export function usageOf(now: Totals, before: Totals | undefined, seconds: number): Usage {
  const { memory, tasks, running } = now;
  const spent = before ? now.cpuSeconds - before.cpuSeconds : 0;
  return { memory, tasks, running, cpu: seconds > 0 ? Math.max(0, spent / seconds) : 0 };
}
