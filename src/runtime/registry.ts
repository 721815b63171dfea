/**
 * Which apps run on this machine, and where: one JSON record per app in the runtime folder. A
 * record is claimed by an atomic link, so two starts in one folder cannot both win; records of
 * processes that are gone are swept by whoever meets them.
 */
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { isSystemError, PlatformError } from './errors.js';
import { folderKey } from './settings.js';

/** One running app. */
export interface AppRecord {
  readonly id: string;
  readonly name: string;
  /** The app's folder, with links resolved. */
  readonly directory: string;
  /** The process that runs it. */
  readonly pid: number;
  /** Where its control plane listens. */
  readonly socket: string;
  /** Where its router listens: `http://localhost:5006`. */
  readonly url: string;
  readonly routerPort: number;
  /** Names that it answers for beside `<name>.localhost`. */
  readonly hosts: readonly string[];
  /** ms since the epoch. */
  readonly startedAt: number;
}

/**
 * The apps that run, oldest first; sweeps the records of those that do not.
 * @param folder the runtime folder; one that does not exist holds no records
 */
export async function listRecords(folder: string): Promise<AppRecord[]> {
  const found = await Promise.all(
    recordFiles(folder).map(async (file) => {
      const record = readRecord(file);
      if (record && (await answers(record))) return record;
      if (record) sweep(file, record);
      return undefined;
    }),
  );
  return found
    .filter((record): record is AppRecord => record !== undefined)
    .sort((one, other) => one.startedAt - other.startedAt);
}

/** The same without asking whether they still answer: for a look on a hot path. */
export function listRecordsUnchecked(folder: string): AppRecord[] {
  return recordFiles(folder)
    .map(readRecord)
    .filter((record): record is AppRecord => record !== undefined && isAlive(record.pid));
}

/** This process's place in the registry. */
export class Registration {
  private constructor(
    private readonly file: string,
    private current: AppRecord,
  ) {}

  /**
   * Claims the record of an app's folder.
   * @throws PlatformError conflict when the app of that folder runs already
   */
  static async claim(folder: string, record: AppRecord): Promise<Registration> {
    const file = join(folder, `${folderKey(record.directory)}.json`);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (place(file, record)) return new Registration(file, record);
      const other = readRecord(file);
      if (other && (await answers(other))) throw alreadyRunning(other);
      if (other) sweep(file, other);
      else rmSync(file, { force: true });
    }
    throw new PlatformError('conflict', `Can't claim ${file}. Remove it and start again.`);
  }

  /** Changes what others read of this app, in one step. */
  update(change: Partial<AppRecord>): void {
    this.current = { ...this.current, ...change };
    const beside = `${this.file}.${process.pid}`;
    writeFileSync(beside, JSON.stringify(this.current), { mode: 0o600 });
    renameSync(beside, this.file);
  }

  /** Gives the place up. */
  release(): void {
    if (readRecord(this.file)?.pid === process.pid) rmSync(this.file, { force: true });
  }
}

function recordFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EACCES')) return [];
    throw error;
  }
}

function readRecord(file: string): AppRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as AppRecord;
    return typeof record.pid === 'number' && typeof record.socket === 'string' ? record : undefined;
  } catch {
    return undefined; // gone, or half of something else: no record
  }
}

/** True when the record was put there; false when the place is taken. */
function place(file: string, record: AppRecord): boolean {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(record), { mode: 0o600 });
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/**
 * Removes a dead record and its socket. Between the reading and now another start may have put its
 * own record there: it is moved aside first, looked at, and put back.
 */
function sweep(file: string, dead: AppRecord): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else swept it
  }
  const moved = readRecord(aside);
  if (moved && moved.pid !== dead.pid) {
    place(file, moved);
  } else if (process.platform !== 'win32') {
    rmSync(dead.socket, { force: true });
  }
  rmSync(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}

/** A pid can be another program's by now; only an answer on the socket is proof. */
async function answers(record: AppRecord): Promise<boolean> {
  if (!isAlive(record.pid)) return false;
  return new Promise((resolve) => {
    const socket = connect(record.socket);
    const end = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    // A platform that is busy or stopped (Ctrl-Z) accepts through its backlog; silence is not death.
    socket.setTimeout(2000, () => end(true));
  });
}

function alreadyRunning(other: AppRecord): PlatformError {
  return new PlatformError(
    'conflict',
    `${basename(other.directory)} is already running as ${other.name} at ${other.url} (pid ${other.pid}). ` +
      'Look at it with `paas ps`, or end it with Ctrl-C where it runs.',
  );
}
