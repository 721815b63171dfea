/** Reads a history from its newest line backwards, whether or not the app runs. */
import { promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { isSystemError } from '../../errors.js';
import { type LogFilter, matcher, select } from '../filter.js';
import { type LogLine, parseHeroku } from '../line.js';
import { listSegments, type Segment } from './segments.js';

/** A place in a history: the end of what was written when it was taken. */
export interface HistoryMark {
  readonly segment: number;
  /** Bytes in that file. */
  readonly offset: number;
}

/** Some lines of a history. */
export interface HistoryPart {
  readonly lines: LogLine[];
  /** Records that were cut off (a crash, a full disk) and left out. */
  readonly torn: number;
}

/**
 * How much older, in microseconds, a line may be than one before it: sources stamp their own lines
 * and nothing sorts them.
 */
export const DISORDER = 60_000_000;

/** Stands for the end of a file that does not end with a newline. No record can be like it. */
const TORN = '\n';

const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * The newest lines that a filter wants.
 * @param folder `.paas/logs` of the app; a missing one is an empty history
 * @param count at most so many lines
 * @param upTo read what stands before this place only
 * @returns single lines, oldest first
 */
export async function readHistory(
  folder: string,
  filter: LogFilter,
  count: number,
  upTo?: HistoryMark,
): Promise<HistoryPart> {
  const wanted = matcher(filter);
  const oldest = (filter.since ?? 0) - DISORDER;
  const found: LogLine[] = [];
  let torn = 0;
  for await (const part of linesBackwards(folder, upTo)) {
    torn += part.torn;
    for (const line of part.lines) {
      if (found.length === count || line.time < oldest) return { lines: found.reverse(), torn };
      if (select(wanted, line)) found.push(line);
    }
  }
  return { lines: found.reverse(), torn };
}

/** All lines of a history, newest first, in batches. */
export async function* linesBackwards(
  folder: string,
  upTo?: HistoryMark,
): AsyncGenerator<HistoryPart, void, undefined> {
  for await (const records of recordsBackwards(folder, upTo)) {
    const lines = records
      .map((record) => (record === TORN ? undefined : parseHeroku(record)))
      .filter((line) => line !== undefined);
    yield { lines, torn: records.length - lines.length };
  }
}

/** All records of a history without their newlines, newest first, in batches. */
async function* recordsBackwards(
  folder: string,
  upTo: HistoryMark | undefined,
): AsyncGenerator<string[], void, undefined> {
  for (const segment of (await listSegments(folder)).reverse()) {
    if (upTo && segment.number > upTo.segment) continue;
    const handle = await openIfThere(segment);
    if (!handle) continue;
    try {
      const end = upTo?.segment === segment.number ? upTo.offset : (await handle.stat()).size;
      yield* recordsIn(handle, end);
    } finally {
      await handle.close();
    }
  }
}

async function openIfThere(segment: Segment): Promise<FileHandle | undefined> {
  return promises.open(segment.path).catch((error: unknown) => {
    // Rotated away between the listing and now.
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  });
}

async function* recordsIn(handle: FileHandle, end: number): AsyncGenerator<string[]> {
  // The bytes up to the first newline of a chunk belong to a record that began in an earlier one.
  let rest = Buffer.alloc(0);
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - CHUNK);
    const bytes = Buffer.concat([await readRange(handle, from, to), rest]);
    to = from;
    const first = from === 0 ? -1 : bytes.indexOf(NEWLINE);
    if (from > 0 && first === -1) {
      rest = bytes;
      continue;
    }
    rest = bytes.subarray(0, first + 1);
    const records = bytes
      .subarray(first + 1)
      .toString()
      .split('\n');
    const last = records.pop();
    yield last ? [TORN, ...records.reverse()] : records.reverse();
  }
}

async function readRange(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(to - from);
  const { bytesRead } = await handle.read(bytes, 0, to - from, from);
  return bytes.subarray(0, bytesRead);
}
