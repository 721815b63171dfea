/** What can be asked of a database about itself. Pure: SQL, and how its answers are shown. */
import { columns } from '../table.js';
import type { Paint } from '../terminal.js';
import type { StatementResult } from './psql.js';

/** Queries and transactions of others that go on now. */
export function activity(all: boolean): string {
  return `
select pid, state, application_name as source, usename as username,
       date_trunc('milliseconds', now() - query_start)::text as running_for,
       (xact_start is not null)::text as in_transaction,
       coalesce(wait_event_type || ':' || wait_event, '') as waiting_for,
       regexp_replace(query, '\\s+', ' ', 'g') as query
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      ${all ? '' : "and state <> 'idle'"}
order by query_start`;
}

/** Locks that keep others from going on, and who waits for whom. */
export const LOCKS = `
select a.pid, l.mode, coalesce(l.relation::regclass::text, l.locktype) as locked,
       l.granted::text, array_to_string(pg_blocking_pids(a.pid), ', ') as blocked_by,
       date_trunc('milliseconds', now() - a.query_start)::text as age,
       regexp_replace(a.query, '\\s+', ' ', 'g') as query
from pg_locks l join pg_stat_activity a using (pid)
where a.datname = current_database() and a.pid <> pg_backend_pid()
      and (not l.granted or (l.mode like '%Exclusive%' and l.locktype in ('relation', 'advisory')))
order by a.query_start`;

/** @param how `cancel` ends the query, `terminate` the connection */
export function killOne(pid: number, how: 'cancel' | 'terminate'): string {
  return `select pg_${how}_backend(${pid})::text as done from pg_stat_activity
          where pid = ${pid} and datname = current_database()`;
}

export const KILL_ALL = `
select count(*) filter (where pg_terminate_backend(pid)) as ended from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and usename = current_user`;

/** One question of `pg:diagnose`: its rows are what is wrong. */
export interface Check {
  readonly title: string;
  readonly severity: 'yellow' | 'red';
  readonly sql: string;
}

/** After devcenter.heroku.com/articles/heroku-postgresql#pg-diagnose. */
export const CHECKS: readonly Check[] = [
  {
    title: 'Connection Count',
    severity: 'red',
    sql: `select count(*) as connections, rolconnlimit as "limit"
          from pg_stat_activity join pg_roles on rolname = current_user
          where datname = current_database() and usename = current_user and rolconnlimit > 0
          group by rolconnlimit having count(*) > 0.8 * rolconnlimit`,
  },
  {
    title: 'Long Queries',
    severity: 'yellow',
    sql: `select pid, date_trunc('seconds', now() - query_start)::text as age, left(query, 60) as query
          from pg_stat_activity where datname = current_database() and state = 'active'
          and pid <> pg_backend_pid() and now() - query_start > interval '1 minute'`,
  },
  {
    title: 'Idle in Transaction',
    severity: 'red',
    sql: `select pid, date_trunc('seconds', now() - state_change)::text as age, left(query, 60) as query
          from pg_stat_activity where datname = current_database()
          and state like 'idle in transaction%' and now() - state_change > interval '1 minute'`,
  },
  {
    title: 'Blocking Queries',
    severity: 'red',
    sql: `select pid, array_to_string(pg_blocking_pids(pid), ', ') as blocked_by, left(query, 60) as query
          from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
  },
  {
    title: 'Indexes',
    severity: 'yellow',
    sql: `select s.indexrelid::regclass::text as index,
                 case when not i.indisvalid then 'Invalid' else 'Never used' end as reason,
                 pg_size_pretty(pg_relation_size(s.indexrelid)) as size
          from pg_stat_user_indexes s join pg_index i using (indexrelid)
          where not i.indisvalid or (s.idx_scan = 0 and not i.indisunique
                and pg_relation_size(s.indexrelid) > 10 * 1024 * 1024)`,
  },
  {
    title: 'Bloat',
    severity: 'yellow',
    sql: `select relid::regclass::text as "table", n_dead_tup as dead, n_live_tup as live
          from pg_stat_user_tables where n_dead_tup > 10000 and n_dead_tup > n_live_tup`,
  },
  {
    title: 'Hit Rate',
    severity: 'yellow',
    sql: `select round(100.0 * sum(heap_blks_hit) / sum(heap_blks_hit + heap_blks_read), 1)::text as percent
          from pg_statio_user_tables
          having sum(heap_blks_hit + heap_blks_read) > 100000
          and sum(heap_blks_hit) < 0.9 * sum(heap_blks_hit + heap_blks_read)`,
  },
  {
    title: 'Sequences',
    severity: 'red',
    sql: `select sequencename as sequence, last_value, max_value from pg_sequences
          where last_value > 0.9 * max_value and not cycle`,
  },
  {
    title: 'Transaction ID Wraparound',
    severity: 'red',
    sql: `select datname as database, age(datfrozenxid) as age from pg_database
          where datname = current_database() and age(datfrozenxid) > 1500000000`,
  },
];

/** What one check found. */
export interface Diagnosis {
  readonly title: string;
  readonly status: 'green' | 'yellow' | 'red';
  readonly found: StatementResult;
}

export function diagnosisOf({ title, severity }: Check, found: StatementResult): Diagnosis {
  return { title, status: found.rows.length === 0 ? 'green' : severity, found };
}

/** `GREEN: Hit Rate`, and under what is not green what was found. */
export function diagnosisText({ title, status, found }: Diagnosis, paint: Paint, width: number) {
  const head = `${paint[status](`${status.toUpperCase()}:`)} ${title}`;
  return status === 'green' ? head : `${head}\n${reportTable(found, paint, width)}`;
}

/** Rows under their titles. */
export function reportTable(
  { columns: titles, rows }: StatementResult,
  paint: Paint,
  width: number,
) {
  const cells = rows.map((row) => row.map((value) => value ?? ''));
  return columns([titles.map((title) => paint.dim(title)), ...cells], width);
}

/** The rows as objects, for `--json`. */
export function asObjects({ columns: titles, rows }: StatementResult) {
  return rows.map((row) =>
    Object.fromEntries(titles.map((title, index) => [title, row[index] ?? null])),
  );
}
