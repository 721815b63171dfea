/** What a platform costs while nothing happens. Linux only: it reads /proc. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Contender, launch } from './timing.js';

/** Seconds that are measured over, after as many for it to come to rest. */
const SECONDS = 10;

/** Clock ticks of a second, as /proc counts CPU time (sysconf _SC_CLK_TCK is 100 on Linux). */
const TICKS = 100;

export type IdleCost =
  | {
      readonly kind: 'measured';
      readonly megabytes: number;
      /** Of one core. */
      readonly percent: number;
      readonly seconds: number;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** Memory and CPU of the platform and its own processes, without the dynos' `sleep`s. */
export async function idleCost(platform: Contender): Promise<IdleCost> {
  if (process.platform !== 'linux') {
    return { kind: 'unknown', why: 'Idle cost: not measured, it is read from /proc of Linux.' };
  }
  const child = launch(platform);
  child.stdout?.resume();
  const exit = once(child, 'exit');
  try {
    await sleep(SECONDS * 1000);
    const pids = ownProcesses(child.pid ?? 0);
    const before = sum(pids.map(cpuTicks));
    await sleep(SECONDS * 1000);
    const ticks = sum(pids.map(cpuTicks)) - before;
    return {
      kind: 'measured',
      megabytes: sum(pids.map(pssKilobytes)) / 1000,
      percent: (100 * ticks) / TICKS / SECONDS,
      seconds: SECONDS,
    };
  } finally {
    child.kill('SIGINT');
    await exit;
  }
}

/** The platform and its descendants, except what the Procfile asked for. */
function ownProcesses(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry)) parents.set(Number(entry), statusOf(Number(entry)).parent);
  }
  const within = (pid: number): boolean => {
    const parent = parents.get(pid);
    return pid === root || (parent !== undefined && parent > 0 && within(parent));
  };
  return [...parents.keys()].filter((pid) => within(pid) && statusOf(pid).name !== 'sleep');
}

function statusOf(pid: number): { readonly name: string; readonly parent: number } {
  const text = read(`/proc/${pid}/status`);
  return {
    name: /^Name:\s+(.*)$/m.exec(text)?.[1] ?? '',
    parent: Number(/^PPid:\s+(\d+)$/m.exec(text)?.[1] ?? 0),
  };
}

function cpuTicks(pid: number): number {
  // The name in brackets may hold spaces: fields are counted behind it.
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function pssKilobytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1.024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended between two looks
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
