/**
 * Which processes there are. Linux: /proc. Elsewhere: `ps`. A census costs some milliseconds, so
 * those who ask at the same time share one.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { DYNO_MARKER } from './environment.js';

/** A process that is no zombie. */
export interface ProcessFact {
  readonly pid: number;
  readonly group: number;
  /** Id of the dyno that it descends from, if it was started by this run. */
  readonly dyno: string | undefined;
}

/** Takes censuses. */
export class Census {
  #running: Promise<readonly ProcessFact[]> | undefined;
  #next: Promise<readonly ProcessFact[]> | undefined;

  /** All living processes of this machine as they are at some moment after this call. */
  take(): Promise<readonly ProcessFact[]> {
    if (!this.#running) {
      this.#running = this.#begin();
      return this.#running;
    }
    // The one under way may have passed the asked process already.
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#begin();
      return this.#running;
    });
    return this.#next;
  }

  async #begin(): Promise<readonly ProcessFact[]> {
    // One turn, in which others that stop at the same moment join.
    await new Promise(setImmediate);
    try {
      return process.platform === 'linux' ? await fromProc() : await fromPs();
    } finally {
      if (!this.#next) this.#running = undefined;
    }
  }
}

/** A process for a log line: `4711 sleep 1000`, cut at 60 characters. */
export function describeProcess(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return `${pid} ${words.length > 60 ? `${words.slice(0, 57)}...` : words}`.trim();
  } catch {
    return String(pid);
  }
}

const PROCESSES_PER_TURN = 100;

async function fromProc(): Promise<ProcessFact[]> {
  const facts: ProcessFact[] = [];
  const since = startTime('self');
  let seen = 0;
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    seen += 1;
    if (seen % PROCESSES_PER_TURN === 0) await new Promise(setImmediate);
    const fact = readFact(pid, since);
    if (fact) facts.push(fact);
  }
  return facts;
}

function readFact(pid: number, since: number): ProcessFact | undefined {
  const stat = readStat(pid);
  if (!stat || stat.state === 'Z' || stat.state === 'X') return undefined;
  // Whoever is older than the platform is not its descendant: no need to read more.
  return { pid, group: stat.group, dyno: stat.start < since ? undefined : readMarker(pid) };
}

function startTime(pid: number | 'self'): number {
  return readStat(pid)?.start ?? 0;
}

/** Fields of /proc/PID/stat behind the name, which may hold anything (proc(5)). */
function readStat(
  pid: number | 'self',
): { state: string; group: number; start: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), start: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

function readMarker(pid: number): string | undefined {
  try {
    return markerIn(`\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`, '\0');
  } catch {
    return undefined;
  }
}

function markerIn(environment: string, separator: string): string | undefined {
  const name = `${separator}${DYNO_MARKER}=`;
  const start = environment.indexOf(name);
  if (start < 0) return undefined;
  const end = environment.indexOf(separator, start + name.length);
  return environment.slice(start + name.length, end < 0 ? undefined : end).trim();
}

function fromPs(): Promise<ProcessFact[]> {
  const environment = process.platform === 'darwin' ? '-E' : '-e';
  const columns = ['-A', environment, '-ww', '-o', 'pid=,pgid=,state=,command='];
  return new Promise((resolve) => {
    execFile('ps', columns, { maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
      resolve(stdout.split('\n').flatMap(fromPsLine));
    });
  });
}

function fromPsLine(line: string): ProcessFact[] {
  const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
  if (!found || found[3]?.startsWith('Z')) return [];
  return [{ pid: Number(found[1]), group: Number(found[2]), dyno: markerIn(found[4] ?? '', ' ') }];
}
