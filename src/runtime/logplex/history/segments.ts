/**
 * The files of a history: `00000001.log`, `00000002.log` …, the newest with the highest number.
 * Their lines are Heroku's (line.ts), so `grep` over `*.log` reads them in order.
 */
import { promises } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../../errors.js';

/** Bounds of a history. */
export interface HistoryLimits {
  /** Bytes after which a new file is begun. */
  readonly segment: number;
  /** ms after which one is begun though the file is not full: files go as a whole. */
  readonly span: number;
  /** Bytes of all files together. */
  readonly total: number;
  /** ms since a file was last written after which it goes. */
  readonly age: number;
}

/** A week, as on Heroku; but 128 MiB in place of 1,500 lines: a disk is cheaper here. */
export const HISTORY_LIMITS: HistoryLimits = {
  segment: 16 * 1024 * 1024,
  span: 24 * 60 * 60 * 1000,
  total: 128 * 1024 * 1024,
  age: 7 * 24 * 60 * 60 * 1000,
};

export interface Segment {
  readonly number: number;
  readonly path: string;
}

export interface MeasuredSegment extends Segment {
  /** Bytes. */
  readonly size: number;
  /** ms since the epoch. */
  readonly writtenAt: number;
}

/** The file with this number. */
export function segmentAt(folder: string, number: number): Segment {
  return { number, path: join(folder, `${String(number).padStart(8, '0')}.log`) };
}

/** The files of a history, oldest first; none where the folder is missing. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = await promises.readdir(folder).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
  return names
    .filter((name) => /^\d{8}\.log$/.test(name))
    .map((name) => segmentAt(folder, Number.parseInt(name, 10)))
    .sort((one, other) => one.number - other.number);
}

/**
 * Which files must go so that the newest can grow to its full size within the bounds. Pure.
 * @param segments oldest first; the newest is never among the expired
 * @param now ms since the epoch
 */
export function expiredSegments(
  segments: readonly MeasuredSegment[],
  limits: HistoryLimits,
  now: number,
): MeasuredSegment[] {
  let room = limits.total - limits.segment;
  const older = segments.slice(0, -1);
  const kept = older.reverse().findIndex((segment) => {
    room -= segment.size;
    return room < 0 || now - segment.writtenAt > limits.age;
  });
  return kept === -1 ? [] : older.slice(kept).reverse();
}

/** Removes the files that the bounds do not allow. */
export async function pruneSegments(
  folder: string,
  limits: HistoryLimits,
  now: number,
): Promise<void> {
  const measured: MeasuredSegment[] = [];
  for (const segment of await listSegments(folder)) {
    const { size, mtimeMs } = await promises.stat(segment.path);
    measured.push({ ...segment, size, writtenAt: mtimeMs });
  }
  for (const segment of expiredSegments(measured, limits, now)) {
    await promises.rm(segment.path, { force: true });
  }
}
