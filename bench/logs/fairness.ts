/** Twenty floods and one quiet process: how long its lines wait, and what memory that takes. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemError } from '../../src/runtime/errors.js';
import { end, launch, peakMegabytes, type Tool } from './flood.js';

export interface FairnessResult {
  /** Longest time in ms from the writing of a quiet line to its reading. */
  readonly longestWait: number;
  /** Lines that were measured. */
  readonly lines: number;
  readonly megabytes: number;
}

/** Bytes of one read: what a terminal takes at a time. */
const READ = 8 * 1024;

/** The quiet process of the Procfile; it says `tick` and the time (ms since the epoch). */
export const QUIET = `node -e 'setInterval(() => console.log("tick " + Date.now()), 50)'`;

/**
 * @param bytesPerSecond how fast the reader is
 * @param seconds how long it reads
 */
export async function fairness(
  tool: Tool,
  bytesPerSecond: number,
  seconds: number,
): Promise<FairnessResult> {
  // A named pipe, opened once for each side: plain reads gather nothing in this process.
  const path = join(tool.folder, `pipe-${bytesPerSecond}`);
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const child = launch(tool, writer);
  closeSync(writer);
  try {
    const waits = await readWaits(reader, bytesPerSecond, seconds);
    return {
      longestWait: Math.max(...waits),
      lines: waits.length,
      megabytes: peakMegabytes(child),
    };
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
      const written = /\btick (\d+)$/.exec(line)?.[1];
      if (written) waits.push(now - Number(written));
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
