/**
 * A copy of another database's data folder, whether its server runs or not. A running one is told
 * that it is being copied, as pg_basebackup does: what it writes meanwhile is in its log, which the
 * copy reads when it starts (https://www.postgresql.org/docs/current/continuous-archiving.html).
 */

import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, PlatformError } from '../../errors.js';
import type { Origin } from '../provider.js';
import { hex } from '../secret.js';
import { addressOf, superuserPassword } from './address.js';
import { connect } from './client.js';
import { dataFolderOf, runningServer } from './cluster.js';

/** Written anew by every server, or of no use to another one. */
const LEFT_OUT = [
  /^postmaster\.(pid|opts)$/,
  /^backup_label(\.old)?$/,
  /^pg_(replslot|dynshmem|notify|serial|snapshots|stat_tmp|subtrans)\/./,
  /(^|\/)pgsql_tmp/,
];

/** Files that are copied at a time. */
const AT_ONCE = 8;

/**
 * Copies the data.
 * @param target a folder that is not there yet
 * @throws PlatformError unavailable when the origin has no data, or does not let itself be copied
 */
export async function copyData({ addon, folder }: Origin, target: string): Promise<void> {
  const source = dataFolderOf({ folder });
  const port = runningServer({ folder });
  if (port === undefined) {
    await copyFolder(source, target, '', LEFT_OUT);
    return;
  }
  const address = { ...addressOf(addon), port, user: 'postgres', database: 'postgres' };
  const client = await connect({ ...address, password: superuserPassword(addon) });
  const ask = async (sql: string): Promise<string> => {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return String(rows[0]?.[0] ?? '');
  };
  try {
    // Or the log that is needed might be gone before it was copied. It ends with the connection.
    const slot = `fork_${hex(4)}`;
    await ask(`select pg_create_physical_replication_slot('${slot}', true, true)`);
    const version = Number(await ask('show server_version_num'));
    const [start, stop] =
      version >= 150_000
        ? ["pg_backup_start('fork', true)", 'pg_backup_stop(false)']
        : ["pg_start_backup('fork', true, false)", 'pg_stop_backup(false, false)'];
    await ask(`select ${start}`);
    await copyFolder(source, target, '', [...LEFT_OUT, /^pg_wal\/./]);
    const said = await ask(`select pg_walfile_name(lsn) || labelfile from ${stop}`);
    const [last, label] = [said.slice(0, 24), said.slice(24)];
    await writeFile(join(target, 'backup_label'), label, { mode: 0o600 });
    const first = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1] ?? '';
    await copyFolder(join(source, 'pg_wal'), join(target, 'pg_wal'), 'pg_wal/', [
      // Only what came meanwhile: older and unused ones may be as large as the data.
      { test: (path) => /\/[0-9A-F]{24}$/.test(path) && !isBetween(path.slice(-24), first, last) },
    ]);
  } catch (error) {
    if (error instanceof PlatformError || isSystemError(error)) throw error;
    throw new PlatformError(
      'unavailable',
      `${addon.name} can't be copied: ${(error as Error).message}.`,
    );
  } finally {
    await client.end();
  }
}

/** Shares the bytes where the file system can (reflink), copies them elsewhere. */
async function copyFolder(
  source: string,
  target: string,
  under: string,
  leftOut: readonly Pick<RegExp, 'test'>[],
): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  const entries = await readdir(source, { withFileTypes: true });
  const wanted = entries.filter(({ name }) => !leftOut.some((each) => each.test(under + name)));
  const copyNext = async (): Promise<void> => {
    for (let entry = wanted.pop(); entry; entry = wanted.pop()) {
      const [from, to] = [join(source, entry.name), join(target, entry.name)];
      if (entry.isDirectory()) await copyFolder(from, to, `${under}${entry.name}/`, leftOut);
      else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
      else await copyFile(from, to, constants.COPYFILE_FICLONE).catch(ignoreGone);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copyNext));
}

function isBetween(name: string, first: string, last: string): boolean {
  return name >= first && name <= last;
}

/** A running server removes files: a dropped table, an old part of the log. */
function ignoreGone(error: unknown): void {
  if (!isSystemError(error, 'ENOENT')) throw error;
}
