/** What `pg:info` shows of a database, in Heroku's words and order. */
import { query } from './client.js';
import { connectionsOf } from './plans.js';
import type { Database } from './tools.js';

/** One line: its name, and its values. */
export interface InfoLine {
  readonly name: string;
  readonly values: readonly string[];
}

const FACTS = `
select (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()),
       current_setting('server_version'),
       pg_size_pretty(pg_database_size(current_database())),
       (select count(*) from pg_stat_user_tables)`;

/** @throws PlatformError failed when the database does not answer */
export async function infoOf({
  addon,
  address,
  installation,
}: Database): Promise<readonly InfoLine[]> {
  const [result] = await query(address, FACTS);
  const [connections, version, size, tables] = result?.rows[0] ?? [];
  return Object.entries({
    Plan: addon.plan,
    Status: 'Available',
    Connections: `${connections}/${connectionsOf(addon.plan)}`,
    'PG Version': `${version}`.split(' ')[0] ?? '',
    Created: new Date(addon.createdAt).toISOString(),
    'Data Size': `${size}`,
    Tables: `${tables}`,
    'Add-on': addon.name,
    Port: String(address.port),
    Server: installation.bin,
  }).map(([name, value]) => ({ name, values: [value] }));
}
