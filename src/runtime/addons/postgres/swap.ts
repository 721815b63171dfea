/** Putting another database in the place of the one that an app uses, in one moment. */

import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hex } from '../secret.js';
import type { DatabaseAddress } from './address.js';
import { asSuperuser, endConnections, readAsSuperuser } from './client.js';
import type { Database } from './tools.js';

/** Empties a database: an empty one takes its place. Connections to the old one are ended. */
export async function reset(database: Database): Promise<{ readonly reset: string }> {
  await replaceWith(database, async () => undefined);
  return { reset: database.addon.name };
}

/**
 * Fills a new database beside the one in use, and only then puts it in its place. When filling
 * fails, what was there stays as it was.
 * @param fill is given where the new one is
 * @param template what it begins with
 */
export async function replaceWith(
  database: Database,
  fill: (address: DatabaseAddress) => Promise<void>,
  template = 'TEMPLATE template0',
): Promise<void> {
  await marked(database, () => fillAndSwap(database, fill, template));
}

/** Does something while nobody is connected to the database, and nobody can be. */
export async function alone(database: Database, work: () => Promise<void>): Promise<void> {
  const { database: name } = database.address;
  await marked(database, async () => {
    try {
      await asSuperuser(database, [
        // First: or a dyno that reconnects at once would be in the way.
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        endConnections(name),
      ]);
      await work();
    } finally {
      await asSuperuser(database, [`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`]);
    }
  });
}

/** Lets a database be used, and removes what lies beside it, where an earlier run ended in the middle. */
export async function mend(database: Database): Promise<void> {
  if (!existsSync(markerOf(database))) return;
  const left = await readAsSuperuser(
    database,
    "SELECT datname FROM pg_database WHERE datname ~ '^(next|old)_[0-9a-f]{8}$'",
  );
  await asSuperuser(database, [
    `ALTER DATABASE ${database.address.database} ALLOW_CONNECTIONS true`,
    ...left.map(([name]) => `DROP DATABASE ${name}`),
  ]);
  await rm(markerOf(database), { force: true });
}

/** A file tells the next start that something has begun; it goes when that is over. */
async function marked(database: Database, work: () => Promise<void>): Promise<void> {
  await writeFile(markerOf(database), '');
  try {
    await work();
  } finally {
    await rm(markerOf(database), { force: true });
  }
}

function markerOf({ place }: Database): string {
  return join(place.folder, 'swapping');
}

async function fillAndSwap(
  database: Database,
  fill: (address: DatabaseAddress) => Promise<void>,
  template: string,
): Promise<void> {
  const { user, database: name } = database.address;
  const next = `next_${hex(4)}`;
  await asSuperuser(database, [
    `CREATE DATABASE ${next} OWNER ${user} ${template}`,
    `REVOKE ALL ON DATABASE ${next} FROM PUBLIC`,
  ]);
  try {
    await fill({ ...database.address, database: next });
    await swap(database, name, next);
  } catch (error) {
    await asSuperuser(database, [`DROP DATABASE IF EXISTS ${next}`]);
    throw error;
  }
}

async function swap(database: Database, name: string, next: string): Promise<void> {
  const old = `old_${hex(4)}`;
  try {
    await asSuperuser(database, [
      // Or a dyno that reconnects at once would be in the way of the new name.
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
      endConnections(name),
      endConnections(next),
      `BEGIN; ALTER DATABASE ${name} RENAME TO ${old}; ALTER DATABASE ${next} RENAME TO ${name}; COMMIT`,
    ]);
  } catch (error) {
    await asSuperuser(database, [`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`]);
    throw error;
  }
  await asSuperuser(database, [`DROP DATABASE ${old}`]);
}
