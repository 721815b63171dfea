/** A flood of numbered lines through a tool that runs a Procfile: how fast, and how whole. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const LINES = 500_000;

/** Said by the flooding process after its last line. */
export const END = 'THE-FLOOD-IS-OVER';

/** A tool, and how it is started on the Procfile of its folder. */
export interface Tool {
  readonly title: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FloodResult {
  readonly linesPerSecond: number;
  /** Lines that came out broken or twice, or not at all. */
  readonly broken: number;
  readonly missing: number;
  /** Peak resident memory of the tool's own process, in MB; NaN where /proc does not say. */
  readonly megabytes: number;
}

/** Line number `at`: 100 bytes with its newline. */
export function floodLine(at: number): string {
  return `${String(at).padStart(9, '0')} ${'x'.repeat(89)}`;
}

/** Starts a tool in a process group of its own. */
export function launch(tool: Tool, stdout: 'pipe' | number = 'pipe'): ChildProcess {
  return spawn(tool.program, tool.words, {
    cwd: tool.folder,
    env: { ...process.env, ...tool.environment },
    stdio: ['ignore', stdout, 'ignore'],
    detached: true,
  });
}

/** Ends a tool and whatever it leaves behind in its group. */
export async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([exit, sleep(10_000)]);
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // Nobody is left, as it should be.
  }
}

/** Peak resident memory of a process that still runs, in MB. */
export function peakMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

/** Runs a tool on a Procfile with a flood in it, and reads as fast as it can. */
export async function flood(tool: Tool): Promise<FloodResult> {
  const child = launch(tool);
  const chunks: Buffer[] = [];
  let begun = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      if (begun === 0 && chunk.includes('xxxxxxxx')) begun = performance.now();
      chunks.push(chunk);
      if (isEnd(chunks)) break;
    }
    const seconds = (performance.now() - begun) / 1000;
    const megabytes = peakMegabytes(child.pid);
    return { linesPerSecond: LINES / seconds, megabytes, ...check(Buffer.concat(chunks)) };
  } finally {
    await end(child);
  }
}

/** The word may be cut by two reads; in the command that a tool prints it stands in quotes. */
function isEnd(chunks: readonly Buffer[]): boolean {
  const last = Buffer.concat(chunks.slice(-2)).subarray(-256).toString();
  return new RegExp(`${END}[^"'\`]*$`).test(last);
}

function check(output: Buffer): { broken: number; missing: number } {
  const seen = new Uint8Array(LINES);
  let broken = 0;
  for (const line of output.toString('latin1').split('\n')) {
    if (!line.includes('xxx')) continue;
    const number = Number(/(?:^|\s)(\d{9}) x{89}$/.exec(line.replace(/\x1b\[[0-9;]*m/g, ''))?.[1]);
    if (Number.isNaN(number) || seen[number] === 1) broken += 1;
    else seen[number] = 1;
  }
  return { broken, missing: LINES - seen.reduce((sum, one) => sum + one, 0) };
}
