/** What all processes of this machine use. Linux: one small file of /proc each. Elsewhere: `ps`. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readSmall } from './small-file.js';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly running: boolean;
  readonly threads: number;
  /** Seconds of processor time since it started. */
  readonly cpu: number;
  /** Bytes of resident memory, shared pages included. */
  readonly memory: number;
}

/** Both are the same on every Linux that Node runs on, unless its kernel was built otherwise. */
const TICKS_PER_SECOND = 100;
const PAGE = 4096;

/** All processes that are no zombies. */
export function readProcessTable(): Promise<ProcessRow[]> {
  return process.platform === 'linux' ? Promise.resolve(fromProc()) : fromPs();
}

/**
 * Memory of one process with what it shares divided among those who share it (PSS). Expensive for
 * the kernel, so asked only where it matters.
 * @returns bytes, or undefined where the system does not tell
 */
export function proportionalMemory(pid: number): number | undefined {
  try {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

function fromProc(): ProcessRow[] {
  return processNames().flatMap((name) => {
    const first = name.charCodeAt(0);
    return first >= 48 && first <= 57 ? fromStat(name) : [];
  });
}

/** None when it cannot be read now: a process that has no file left to open goes on. */
function processNames(): string[] {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}

/** Fields behind the name, which may hold anything (proc(5)). */
function fromStat(pid: string): ProcessRow[] {
  const text = readSmall(`/proc/${pid}/stat`);
  if (text === undefined) return [];
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return [];
  return [
    {
      pid: Number(pid),
      parent: Number(fields[1]),
      group: Number(fields[2]),
      running: fields[0] === 'R' || fields[0] === 'D',
      threads: Number(fields[17]),
      cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
      memory: Number(fields[21]) * PAGE,
    },
  ];
}

function fromPs(): Promise<ProcessRow[]> {
  const columns = ['-A', '-o', 'pid=,ppid=,pgid=,state=,rss=,time='];
  return new Promise((resolve) => {
    execFile('ps', columns, { maxBuffer: 16 * 1024 * 1024 }, (_error, stdout) => {
      resolve(stdout.split('\n').flatMap(fromPsLine));
    });
  });
}

function fromPsLine(line: string): ProcessRow[] {
  const [pid, parent, group, state = '', memory, time] = line.trim().split(/\s+/);
  if (!time || state.startsWith('Z')) return [];
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      running: state.startsWith('R'),
      threads: 1,
      cpu: seconds(time),
      memory: Number(memory) * 1024,
    },
  ];
}

/** `1-02:03:04`, `02:03:04`, `03:04.05`. */
function seconds(time: string): number {
  const [clock = '', days] = time.split('-').reverse();
  const parts = clock.split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0) + Number(days ?? 0) * 86_400;
}
