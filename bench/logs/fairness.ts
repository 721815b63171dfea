/** Twenty floods and one quiet process: how long its lines wait, and what memory that takes. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemError } from '../../src/runtime/errors.js';
import { percentile } from '../bench.js';
import { end, launch, peakMegabytes, type Tool } from './flood.js';

export interface FairnessResult {
  /** Time in ms from the writing of a quiet line to its reading. */
  readonly longestWait: number;
  readonly medianWait: number;
  /** Lines that were measured. */
  readonly lines: number;
  readonly megabytes: number;
}

/** Seconds in which twenty-one processes start, on two cores. */
export const WARM_UP = 2;

/** Bytes of one read: what a terminal takes at a time. */
const READ = 8 * 1024;

/** The quiet process of the Procfile; it says `tick` and the time (ms since the epoch). */
export const QUIET = `node -e 'setInterval(() => console.log("tick " + Date.now()), 50)'`;

/** How long a line of the quiet process has waited; undefined for a line of another. */
export function waitOf(line: string, now: number): number | undefined {
  const written = /\btick (\d+)\r?$/.exec(line)?.[1];
  return written === undefined ? undefined : now - Number(written);
}

/** @param pid of the platform, which still runs */
export function resultOf(waits: readonly number[], pid: number | undefined): FairnessResult {
  return {
    longestWait: Math.max(...waits),
    medianWait: percentile(waits, 0.5),
    lines: waits.length,
    megabytes: peakMegabytes(pid),
  };
}

/**
 * @param bytesPerSecond how fast the reader is
 * @param seconds how long it reads
 * @param meanwhile done before it begins to measure, while it reads
 */
export async function fairness(
  tool: Tool,
  bytesPerSecond: number,
  seconds: number,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<FairnessResult> {
  // A named pipe, opened once for each side: plain reads gather nothing in this process.
  const path = join(tool.folder, `pipe-${bytesPerSecond}`);
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const child = launch(tool, writer);
  closeSync(writer);
  try {
    let ready = false;
    void meanwhile().finally(() => {
      ready = true;
    });
    do await readWaits(reader, bytesPerSecond, WARM_UP);
    while (!ready);
    return resultOf(await readWaits(reader, bytesPerSecond, seconds), child.pid);
  } finally {
    // Its last words must not hold it up.
    const rest = readToEnd(reader);
    await end(child);
    await rest;
    closeSync(reader);
  }
}

async function readWaits(descriptor: number, rate: number, seconds: number): Promise<number[]> {
  const waits: number[] = [];
  const begun = performance.now();
  const buffer = Buffer.alloc(READ);
  let rest = '';
  let due = begun;
  while (performance.now() - begun < seconds * 1000) {
    const bytesRead = await readSome(descriptor, buffer);
    const now = Date.now();
    const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const wait = waitOf(line, now);
      if (wait !== undefined) waits.push(wait);
    }
    // A reader that was late does not make up for it.
    due = Math.max(performance.now(), due) + (bytesRead / rate) * 1000;
    if (due - performance.now() > 1) await sleep(due - performance.now());
  }
  return waits;
}

/** Waits until there is something. @returns 0 at the end */
async function readSome(descriptor: number, buffer: Buffer): Promise<number> {
  for (;;) {
    try {
      return readSync(descriptor, buffer);
    } catch (error) {
      if (!isSystemError(error, 'EAGAIN')) throw error;
      await sleep(1);
    }
  }
}

async function readToEnd(descriptor: number): Promise<void> {
  const buffer = Buffer.alloc(READ);
  while ((await readSome(descriptor, buffer)) > 0) await sleep(0);
}
