/** Copies of databases, and what they tell of themselves, through the real binary. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { dataFolder, deskWithAddons, testWith } from '../support/addons.js';
import type { Desk, Platform } from '../support/paas.js';
import { until } from '../support/until.js';

const test = testWith(['Postgres']);

const APP = { Procfile: 'worker: sleep 1000\n' };

async function withDatabases(
  ...names: string[]
): Promise<{ desk: Desk; platform: Platform; sure: string[] }> {
  const desk = deskWithAddons(APP);
  const platform = await desk.start();
  for (const name of names) {
    const created = await desk.paas('addons:create', 'postgres', '--as', name);
    expect(created.stderr).toContain(`as ${name}_URL`);
  }
  const [app] = await desk.json<{ name: string }[]>('apps');
  return { desk, platform, sure: ['--confirm', app?.name ?? ''] };
}

/** Rows of the last statement. */
async function rows(desk: Desk, database: string, sql: string) {
  const results = await desk.json<{ rows: Record<string, string>[] }[]>(
    'pg:psql',
    database,
    '-c',
    sql,
  );
  return results.at(-1)?.rows;
}

const count = async (desk: Desk, database: string) =>
  Number((await rows(desk, database, 'select count(*) from t'))?.[0]?.['count']);

/** The URL of the superuser, who may make databases, as on a server of one's own. */
function ownServer(desk: Desk, name: string): string {
  const { app } = JSON.parse(readFileSync(join(desk.folder, '.paas', 'state.json'), 'utf8'));
  const [{ config, settings }] = app.addons;
  const url = new URL(config.URL);
  url.username = 'postgres';
  url.password = settings.superuserPassword;
  url.pathname = `/${name}`;
  return url.href;
}

describe('copies', () => {
  test('a fork has the data of that moment and passwords of its own, while the other one works', async () => {
    const { desk } = await withDatabases('DATABASE');
    await rows(desk, 'DATABASE', 'create table t as select generate_series(1, 5000) as n');
    // Writes while it is copied.
    const writer = desk.spawn([
      'pg:psql',
      '-c',
      'do $$ begin for i in 1..300 loop insert into t values (0); commit; perform pg_sleep(0.01); end loop; end $$',
    ]);
    const forked = await desk.paas('pg:fork', 'DATABASE', '--as', 'EXPERIMENT');
    expect(forked.stderr).toMatch(/Forking postgresql-\S+ on .*\nCreated \S+ as EXPERIMENT_URL/);
    expect((await writer.ended).exitStatus).toBe(0);
    const copied = await count(desk, 'EXPERIMENT');
    expect(copied).toBeGreaterThanOrEqual(5000);
    expect(copied).toBeLessThanOrEqual(5300);
    await rows(desk, 'EXPERIMENT', 'drop table t');
    expect(await count(desk, 'DATABASE')).toBe(5300);
    const config = await desk.json<Record<string, string>>('config');
    const [one, other] = [config['DATABASE_URL'], config['EXPERIMENT_URL']].map(
      (url) => new URL(url ?? ''),
    );
    expect(one?.pathname).toBe(other?.pathname);
    expect(one?.password).not.toBe(other?.password);
    const wrong = await desk.paas('addons:create', 'scheduler', '--fork', 'DATABASE');
    expect(wrong.stderr).toContain("A scheduler can't be forked.");
  });

  test('a snapshot is come back to, and stays until it is destroyed', async () => {
    const { desk, sure } = await withDatabases('DATABASE');
    await rows(desk, 'DATABASE', 'create table t as select 1 as n');
    expect((await desk.paas('pg:snapshots:capture')).stdout.trim()).toBe('s001');
    await rows(desk, 'DATABASE', 'insert into t values (2)');
    expect((await desk.paas('pg:snapshots:capture', 'two')).exitStatus).toBe(0);
    expect((await desk.paas('pg:snapshots:capture', 'two')).stderr).toContain('already');
    expect((await desk.paas('pg:snapshots:restore', 's001')).stderr).toContain('--confirm');
    expect((await desk.paas('pg:snapshots:restore', 's001', ...sure)).exitStatus).toBe(0);
    expect(await count(desk, 'DATABASE')).toBe(1);
    expect((await desk.paas('pg:snapshots:restore', 'two', ...sure)).exitStatus).toBe(0);
    expect(await count(desk, 'DATABASE')).toBe(2);
    expect((await desk.paas('pg:snapshots:destroy', 's001')).stderr).toContain('--confirm');
    await desk.paas('pg:snapshots:destroy', 's001', ...sure);
    const left = await desk.json<{ name: string }[]>('pg:snapshots');
    expect(left.map(({ name }) => name)).toEqual(['two']);
  });

  test('copy, push and pull go to and from any Postgres, and lose nothing unasked', async () => {
    const { desk, sure } = await withDatabases('DATABASE', 'REPORTS');
    await rows(desk, 'DATABASE', 'create table t as select generate_series(1, 10) as n');
    const asked = await desk.paas('pg:copy', 'DATABASE', 'REPORTS');
    expect(asked.stderr).toContain('This replaces all data of');
    expect((await desk.paas('pg:copy', 'DATABASE', 'REPORTS', ...sure)).exitStatus).toBe(0);
    expect(await count(desk, 'REPORTS')).toBe(10);

    const outside = ownServer(desk, 'pulled');
    const pulled = await desk.paas('pg:pull', 'REPORTS', outside);
    expect(pulled.stderr).toMatch(/Pulling postgresql-\S+ to postgres:\/\/postgres:\*\*\*@/);
    expect(pulled.exitStatus).toBe(0);
    expect((await desk.paas('pg:pull', 'REPORTS', outside)).stderr).toContain('already exists');
    const full = await desk.paas('pg:push', outside, 'REPORTS');
    expect(full.stderr).toContain('is not empty: it has 1 table. Empty it with `paas pg:reset`');
    await desk.paas('pg:reset', 'REPORTS', ...sure);
    expect((await desk.paas('pg:push', outside, 'REPORTS')).exitStatus).toBe(0);
    expect(await count(desk, 'REPORTS')).toBe(10);

    const nowhere = ownServer(desk, 'nowhere');
    const failed = await desk.paas('pg:copy', nowhere, 'REPORTS', ...sure);
    expect(failed.stderr).toMatch(/pg_dump failed: .*"nowhere" does not exist/);
    expect(await count(desk, 'REPORTS')).toBe(10);
    expect((await desk.paas('pg:copy', outside, nowhere)).exitStatus).toBe(2);
    const folder = await desk.paas('pg:backups:restore', desk.folder, 'REPORTS', ...sure);
    expect(folder.stderr).toContain(`There is no file ${desk.folder}.`);
  });
});

test('a copy that the platform was killed in leaves a database that works', async () => {
  const { desk, platform, sure } = await withDatabases('DATABASE');
  await rows(desk, 'DATABASE', 'create table t as select 1 as n');
  const own = ownServer(desk, 'postgres');
  await desk.paas('pg:snapshots:capture', 's1');
  // As it is between two steps of `pg:snapshots:restore`.
  const [id = ''] = readdirSync(join(dataFolder(desk), 'addons'));
  writeFileSync(join(dataFolder(desk), 'addons', id, 'swapping'), '');
  const client = new pg.Client(own);
  await client.connect();
  const name = new URL((await desk.json<Record<string, string>>('config'))['DATABASE_URL'] ?? '');
  await client.query(`alter database ${name.pathname.slice(1)} allow_connections false`);
  await client.query('create database next_0a1b2c3d');
  client.on('error', () => undefined);
  platform.running.signal('SIGKILL');
  await platform.running.ended;
  await desk.start();
  expect(await count(desk, 'DATABASE')).toBe(1);
  const left = "select count(*) from pg_database where datname like 'next%'";
  expect(await rows(desk, 'DATABASE', left)).toEqual([{ count: '0' }]);
  expect((await desk.paas('pg:snapshots:restore', 's1', ...sure)).exitStatus).toBe(0);
});

describe('what goes on', () => {
  test('is listed, ended and diagnosed, and SQL is read from a pipe without psql', async () => {
    const { desk } = await withDatabases('DATABASE');
    await rows(desk, 'DATABASE', 'create table t (n int)');
    const sleeper = desk.spawn([
      'pg:psql',
      '-c',
      'begin; lock table t in exclusive mode; select pg_sleep(100)',
    ]);
    const running = await until(async () => {
      const found = await desk.json<{ pid: string; query: string }[]>('pg:ps');
      return found.find(({ query }) => query.includes('pg_sleep'));
    });
    expect((await desk.json<{ mode: string }[]>('pg:locks'))[0]?.mode).toBe('ExclusiveLock');
    expect((await desk.paas('pg:kill', running.pid)).exitStatus).toBe(0);
    expect((await sleeper.ended).stderr).toContain('canceling statement due to user request');
    expect((await desk.paas('pg:kill', '999999')).stderr).toContain('has no connection 999999');
    const checks = await desk.json<{ name: string; status: string }[]>('pg:diagnose');
    expect(checks.map(({ status }) => status)).toEqual(checks.map(() => 'green'));
    expect((await desk.paas('pg:killall')).exitStatus).toBe(0);

    desk.environment['PATH'] = '/nowhere';
    const piped = await desk.spawn(['pg:psql'], { input: 'select 1 + 1 as two; select 3 as three' })
      .ended;
    expect(piped.stdout).toContain('two');
    expect(piped.stdout).toContain('three');
  });
});
