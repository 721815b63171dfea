/** The newest file of a history, open for appending, followed by a new one when it is full. */
import { promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { parseHeroku } from '../line.js';
import type { HistoryMark } from './read.js';
import { type HistoryLimits, listSegments, pruneSegments, segmentAt } from './segments.js';

const NEWLINE = 0x0a;

interface OpenFile {
  readonly number: number;
  readonly handle: FileHandle;
  /** ms since the epoch: of its first line. */
  readonly begunAt: number;
}

/** One writer at a time; each call waits for the one before it. */
export class SegmentFile {
  #open: OpenFile | undefined;
  #mark: HistoryMark | undefined;

  /** @param onTorn is told how many bytes at the end of the newest file are half a record */
  constructor(
    private readonly folder: string,
    private readonly limits: HistoryLimits,
    private readonly onTorn: (bytes: number) => void,
  ) {}

  /** The end of what was written by this process. */
  get mark(): HistoryMark | undefined {
    return this.#mark;
  }

  /**
   * Adds whole records, or nothing: what a failing disk took of them is cut off again.
   * @throws the system's error
   */
  async append(bytes: Buffer): Promise<void> {
    const { file, size } = await this.#fileFor(bytes.length);
    try {
      await file.handle.appendFile(bytes);
    } catch (error) {
      await file.handle.truncate(size).catch(() => undefined);
      await this.close();
      throw error;
    }
    this.#mark = { segment: file.number, offset: size + bytes.length };
  }

  async close(): Promise<void> {
    const file = this.#open;
    this.#open = undefined;
    await file?.handle.close();
  }

  /** Asks the disk each time: somebody may have emptied the file, or removed it. */
  async #fileFor(bytes: number): Promise<{ file: OpenFile; size: number }> {
    this.#open ??= await this.#openNewest();
    const { size, nlink } = await this.#open.handle.stat();
    const isFull = size > 0 && size + bytes > this.limits.segment;
    const isOld = Date.now() - this.#open.begunAt > this.limits.span;
    if (nlink > 0 && !isFull && !isOld) return { file: this.#open, size };
    const { number } = this.#open;
    await this.close();
    this.#open = await this.#create(number + 1);
    return { file: this.#open, size: 0 };
  }

  async #openNewest(): Promise<OpenFile> {
    const newest = (await listSegments(this.folder)).at(-1);
    if (!newest) return this.#create(1);
    const handle = await promises.open(newest.path, 'a+');
    const { size } = await handle.stat();
    const torn = await tornBytes(handle, size);
    if (torn === 0) {
      await pruneSegments(this.folder, this.limits, Date.now());
      return { number: newest.number, handle, begunAt: await firstTime(handle) };
    }
    // Half a record stays where it is, at the end of its file: nothing is written behind it.
    await handle.close();
    this.onTorn(torn);
    return this.#create(newest.number + 1);
  }

  async #create(number: number): Promise<OpenFile> {
    await promises.mkdir(this.folder, { recursive: true, mode: 0o700 });
    const handle = await promises.open(segmentAt(this.folder, number).path, 'a', 0o600);
    await pruneSegments(this.folder, this.limits, Date.now());
    return { number, handle, begunAt: Date.now() };
  }
}

/** How many bytes stand after the last newline, looking at no more than the longest record. */
async function tornBytes(handle: FileHandle, size: number): Promise<number> {
  const length = Math.min(size, 16 * 1024);
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  return length - 1 - buffer.lastIndexOf(NEWLINE);
}

/** When the first line was written, in ms since the epoch; now, where there is none. */
async function firstTime(handle: FileHandle): Promise<number> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(16 * 1024), 0, 16 * 1024, 0);
  const line = parseHeroku(buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '');
  return line ? line.time / 1000 : Date.now();
}
