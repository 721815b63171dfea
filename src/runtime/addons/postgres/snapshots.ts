/**
 * Snapshots: copies of a database beside it on the same server, made from it as a template. That
 * copies files, and takes seconds where a dump takes minutes.
 */
import { PlatformError } from '../../errors.js';
import { asSuperuser, readAsSuperuser } from './client.js';
import { alone, replaceWith } from './swap.js';
import type { Database } from './tools.js';

/** One snapshot. */
export interface Snapshot {
  readonly name: string;
  /** ISO 8601. */
  readonly created_at: string;
  /** Bytes. */
  readonly size: number;
}

const PREFIX = 'snapshot_';

/** Since version 15 a template is copied through the log otherwise, which is slow for large ones. */
const BY_FILES = ' STRATEGY file_copy';

/** @param wanted a name; undefined: `s001`, `s002` … @throws PlatformError invalid_params, conflict */
export async function capture(database: Database, wanted?: string): Promise<Snapshot> {
  const there = await list(database);
  const newest = Math.max(0, ...there.map(({ name }) => Number(/^s(\d+)$/.exec(name)?.[1] ?? 0)));
  const name = wanted ?? `s${String(newest + 1).padStart(3, '0')}`;
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) {
    throw new PlatformError(
      'invalid_params',
      `${name} is no name for a snapshot. Use a-z, 0-9 and _, a letter first.`,
    );
  }
  if (there.some((each) => each.name === name)) {
    throw new PlatformError('conflict', `There is a snapshot ${name} already.`);
  }
  const target = PREFIX + name;
  await alone(database, () =>
    asSuperuser(database, [`CREATE DATABASE ${target} ${templateOf(database)}`]),
  );
  await asSuperuser(database, [
    `ALTER DATABASE ${target} ALLOW_CONNECTIONS false`,
    `COMMENT ON DATABASE ${target} IS '${new Date().toISOString()}'`,
  ]);
  return find(database, name);
}

/** Oldest first. */
export async function list(database: Database): Promise<Snapshot[]> {
  const rows = await readAsSuperuser(
    database,
    `select datname, shobj_description(oid, 'pg_database'), pg_database_size(oid)
     from pg_database where datname like 'snapshot\\_%' order by 2`,
  );
  return rows.map(([name = '', created = '', size]) => ({
    name: String(name).slice(PREFIX.length),
    created_at: created ?? '',
    size: Number(size),
  }));
}

/** Puts a copy of a snapshot in the place of the database. @throws PlatformError not_found */
export async function restore(database: Database, wanted?: string): Promise<Snapshot> {
  const snapshot = await find(database, wanted);
  const template = `TEMPLATE ${PREFIX}${snapshot.name}${strategyOf(database)}`;
  await replaceWith(database, async () => undefined, template);
  return snapshot;
}

/** @throws PlatformError not_found */
export async function destroy(database: Database, wanted?: string): Promise<Snapshot> {
  if (wanted === undefined) throw new PlatformError('invalid_params', 'Say which snapshot.');
  const snapshot = await find(database, wanted);
  await asSuperuser(database, [`DROP DATABASE ${PREFIX}${snapshot.name}`]);
  return snapshot;
}

async function find(database: Database, wanted?: string): Promise<Snapshot> {
  const all = await list(database);
  const found = wanted === undefined ? all.at(-1) : all.find(({ name }) => name === wanted);
  if (found) return found;
  const known =
    all.length === 0
      ? 'There is none: make one with `paas pg:snapshots:capture`.'
      : `There is ${all.map(({ name }) => name).join(', ')}.`;
  throw new PlatformError('not_found', `Couldn't find the snapshot ${wanted ?? ''}. ${known}`);
}

function templateOf(database: Database): string {
  const { user, database: name } = database.address;
  return `OWNER ${user} TEMPLATE ${name}${strategyOf(database)}`;
}

function strategyOf({ installation }: Database): string {
  return installation.major >= 15 ? BY_FILES : '';
}
