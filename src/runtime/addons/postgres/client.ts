/** Queries of our own tools, through node-postgres, which is loaded when the first one is asked. */
import type { Client, QueryArrayResult } from 'pg';
import { PlatformError } from '../../errors.js';
import { type DatabaseAddress, superuserPassword } from './address.js';
import type { Database } from './tools.js';

/** What came of one statement, all values as Postgres prints them. */
export interface StatementResult {
  /** `SELECT`, `INSERT`. */
  readonly command: string;
  readonly rowCount: number | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * Runs statements, separated by semicolons, on a connection of their own.
 * @throws PlatformError failed with what Postgres says about them
 */
export async function query(address: DatabaseAddress, sql: string): Promise<StatementResult[]> {
  const client = await connect(address);
  try {
    return await statements(client, sql);
  } finally {
    await client.end();
  }
}

/** Runs statements one by one as the superuser, each in its own transaction. */
export async function asSuperuser(
  { address, addon }: Database,
  sql: readonly string[],
): Promise<void> {
  const password = superuserPassword(addon);
  const client = await connect({ ...address, user: 'postgres', password, database: 'postgres' });
  try {
    for (const statement of sql) await statements(client, statement);
  } finally {
    await client.end();
  }
}

/** What one query as the superuser gives. */
export async function readAsSuperuser(
  { address, addon }: Database,
  sql: string,
): Promise<StatementResult['rows']> {
  const password = superuserPassword(addon);
  const [result] = await query(
    { ...address, user: 'postgres', password, database: 'postgres' },
    sql,
  );
  return result?.rows ?? [];
}

/** SQL that ends the connections to a database, and waits until they are gone. */
export function endConnections(database: string): string {
  return `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${database}'`;
}

/** @throws PlatformError failed with what Postgres says */
export async function connect(address: DatabaseAddress): Promise<Client> {
  const { default: pg } = await import('pg');
  // The values stay as Postgres prints them: they are shown, not used.
  const types = { getTypeParser: () => (value: string) => value };
  const client = new pg.Client({ ...address, host: 'localhost', types: types as never });
  // A server that stops ends the connection; the query that waits fails by itself.
  client.on('error', () => undefined);
  await client.connect().catch(refuse);
  return client;
}

async function statements(client: Client, text: string): Promise<StatementResult[]> {
  const results: unknown = await client.query({ text, rowMode: 'array' }).catch(refuse);
  return ([results].flat() as QueryArrayResult<(string | null)[]>[]).map((result) => ({
    command: result.command,
    rowCount: result.rowCount,
    columns: result.fields.map(({ name }) => name),
    rows: result.rows,
  }));
}

function refuse(error: Error): never {
  throw new PlatformError('failed', `Postgres says: ${error.message}.`);
}
