/** Backups of a database: dumps in its folder, made and read by the tools of its own version. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../errors.js';
import type { Place } from '../provider.js';
import { urlOf } from './address.js';
import { ARCHIVE, pack, unpack } from './archive.js';
import { hasClient, runClient } from './client-programs.js';
import { replaceWith } from './swap.js';
import type { Database } from './tools.js';

const ENDINGS = ['.dump', ARCHIVE];

const GZIP = Buffer.from([0x1f, 0x8b]);

/** One backup. */
export interface Backup {
  /** `b001`. */
  readonly name: string;
  /** ISO 8601: when it was finished. */
  readonly created_at: string;
  /** Bytes. */
  readonly size: number;
  /** Where it is on this machine. */
  readonly file: string;
}

/** Makes a backup in Postgres' custom format; without pg_dump of the data folder. @throws PlatformError failed; then there is no backup */
export async function capture(database: Database): Promise<Backup> {
  const folder = folderOf(database);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const newest = Number((await listBackups(database)).at(-1)?.name.slice(1) ?? 0);
  const name = `b${String(newest + 1).padStart(3, '0')}`;
  const unfinished = join(folder, `${name}.part`);
  if (!(await hasClient(database, 'pg_dump'))) {
    await pack(database, unfinished);
    await rename(unfinished, join(folder, `${name}${ARCHIVE}`));
    return find(database, name);
  }
  try {
    await runClient(database, 'pg_dump', urlOf(database.address), [
      ...['--format=custom', '--no-owner', '--no-acl', `--file=${unfinished}`],
    ]);
    await rename(unfinished, join(folder, `${name}.dump`));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return find(database, name);
}

/** Removes what a run that was killed has not finished: dumps may be as large as the data. */
export async function removeUnfinished({ folder }: Pick<Place, 'folder'>): Promise<void> {
  for (const each of [folder, join(folder, 'backups')]) {
    const files = existsSync(each) ? readdirSync(each) : [];
    for (const file of files.filter((name) => /\.part(\.data)?$/.test(name))) {
      await rm(join(each, file), { recursive: true, force: true });
    }
  }
}

/** All backups, oldest first. */
export async function listBackups(database: Database): Promise<Backup[]> {
  const folder = folderOf(database);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => ENDINGS.some((ending) => file.endsWith(ending)))
    .sort((one, other) => Number.parseInt(one.slice(1), 10) - Number.parseInt(other.slice(1), 10))
    .map((entry) => {
      const file = join(folder, entry);
      const { size, mtime } = statSync(file);
      const [name = ''] = entry.split('.');
      return { name, created_at: mtime.toISOString(), size, file };
    });
}

/** Where a backup is. @param name `b001`; undefined: the newest @throws PlatformError not_found */
export async function download(database: Database, name?: string): Promise<Backup> {
  return find(database, name);
}

/**
 * Replaces what the database holds with a backup. What it held stays when that fails.
 * @param wanted `b001`, or the path of a dump; undefined: the newest backup
 * @throws PlatformError not_found, or failed with what pg_restore says
 */
export async function restore(database: Database, wanted?: string): Promise<{ restored: string }> {
  const isFile = wanted?.includes('/') === true;
  if (isFile && statSync(wanted, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new PlatformError('not_found', `There is no file ${wanted}.`);
  }
  const file = isFile ? wanted : (await find(database, wanted)).file;
  if (isArchive(file)) {
    await unpack(database, file);
    return { restored: isFile ? wanted : (wanted ?? 'the newest backup') };
  }
  await replaceWith(database, (address) =>
    runClient(database, 'pg_restore', urlOf(address), [
      ...['--no-owner', '--no-acl', '--exit-on-error', `--dbname=${address.database}`],
      file,
    ]),
  );
  return { restored: isFile ? wanted : (wanted ?? 'the newest backup') };
}

async function find(database: Database, wanted?: string): Promise<Backup> {
  const all = await listBackups(database);
  const found = wanted === undefined ? all.at(-1) : all.find(({ name }) => name === wanted);
  if (found) return found;
  const known =
    all.length === 0
      ? 'There is none: make one with `paas pg:backups:capture`.'
      : `There is ${all.map(({ name }) => name).join(', ')}.`;
  throw new PlatformError('not_found', `Couldn't find the backup ${wanted ?? ''}. ${known}`);
}

function folderOf({ place }: Database): string {
  return join(place.folder, 'backups');
}

/** By its first bytes (RFC 1952): a downloaded one may have any name. */
function isArchive(file: string): boolean {
  const bytes = Buffer.alloc(2);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, 2, 0);
  } finally {
    closeSync(handle);
  }
  return bytes.equals(GZIP);
}
