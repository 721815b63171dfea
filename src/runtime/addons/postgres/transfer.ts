/** Data from one database to another: `pg:copy`, `pg:push`, `pg:pull`. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../errors.js';
import { urlOf } from './address.js';
import { query } from './client.js';
import { libpqEnvironment, runClient } from './client-programs.js';
import { replaceWith } from './swap.js';
import type { Database } from './tools.js';

const PORTABLE = ['--no-owner', '--no-acl'];

/**
 * Fills a database with what another one holds. What it held stays when that fails.
 * @param url of the other one
 * @param onto `empty`: only where nothing would be lost
 * @throws PlatformError conflict when there is something already, failed with what the programs say
 */
export async function copyFrom(
  database: Database,
  url: string,
  onto: 'anything' | 'empty',
): Promise<{ readonly copied: string }> {
  if (onto === 'empty') await refuseFull(database);
  const name = libpqEnvironment(url)['PGDATABASE'] ?? '';
  await withDump(database, url, (dump) =>
    replaceWith(database, (address) =>
      runClient(database, 'pg_restore', urlOf(address), [
        ...PORTABLE,
        '--exit-on-error',
        `--dbname=${address.database}`,
        dump,
      ]),
    ),
  );
  return { copied: name };
}

/**
 * Fills another database with what this one holds.
 * @param url of the other one
 * @param target `new`: it is made, and must not be there; `existing`: what it holds is replaced
 * @throws PlatformError failed with what the programs say
 */
export async function copyTo(
  database: Database,
  url: string,
  target: 'new' | 'existing',
): Promise<{ readonly copied: string }> {
  const name = libpqEnvironment(url)['PGDATABASE'] ?? '';
  if (name === '') throw new PlatformError('invalid_params', 'The URL must name a database.');
  await withDump(database, urlOf(database.address), async (dump) => {
    if (target === 'new') await runClient(database, 'createdb', url, [name]);
    const clean = target === 'new' ? [] : ['--clean', '--if-exists', '--single-transaction'];
    const args = [...PORTABLE, ...clean, '--exit-on-error', `--dbname=${name}`, dump];
    await runClient(database, 'pg_restore', url, args);
  });
  return { copied: name };
}

async function withDump(
  database: Database,
  url: string,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const file = join(database.place.folder, `${randomUUID()}.part`);
  try {
    await runClient(database, 'pg_dump', url, ['--format=custom', ...PORTABLE, `--file=${file}`]);
    await use(file);
  } finally {
    await rm(file, { force: true });
  }
}

async function refuseFull({ address, addon }: Database): Promise<void> {
  const [found] = await query(address, 'select count(*) from pg_stat_user_tables');
  const count = Number(found?.rows[0]?.[0] ?? 0);
  if (count === 0) return;
  throw new PlatformError(
    'conflict',
    `${addon.name} is not empty: it has ${count} ${count === 1 ? 'table' : 'tables'}. Empty it with \`paas pg:reset\`, or replace it with \`paas pg:copy\`.`,
  );
}
