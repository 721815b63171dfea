/** Postgres as an add-on, through the real binary, with real servers and a real app. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { dataFolder, deskWithAddons, testWith } from '../support/addons.js';
import type { Desk, Platform } from '../support/paas.js';
import { until } from '../support/until.js';

const test = testWith(['Postgres']);

const PG = resolve(import.meta.dirname, '../../node_modules/pg');
const APP = {
  Procfile: 'web: node server.js\n',
  'server.js': `
const { Pool } = require(${JSON.stringify(PG)});
const pool = process.env.DATABASE_URL && new Pool({ connectionString: process.env.DATABASE_URL });
pool && pool.on('error', () => {});
require('http').createServer(async (request, response) => {
  try {
    if (!pool) return response.end('no database');
    await pool.query('create table if not exists visits (at int)');
    await pool.query('insert into visits values (1)');
    response.end('visits ' + (await pool.query('select count(*) from visits')).rows[0].count);
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
}).listen(process.env.PORT);
`,
};

interface Info {
  readonly info: Readonly<Record<string, string>>;
}

const query = async (desk: Desk, sql: string) =>
  (await desk.json<{ rows: Record<string, string>[] }[]>('pg:psql', '-c', sql)).at(-1)?.rows;

const visited = (platform: Platform, count: number) =>
  until(async () => (await platform.fetch('/')).body === `visits ${count}`);

const configVar = async (desk: Desk, key: string) =>
  (await desk.json<Record<string, string>>('config'))[key] ?? '';

/** The leader of the server's processes, by its lock file. */
function serverPid(desk: Desk): number {
  const addons = join(dataFolder(desk), 'addons');
  const [id = ''] = readdirSync(addons);
  return Number(readFileSync(join(addons, id, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function withDatabase(): Promise<{ desk: Desk; platform: Platform }> {
  const desk = deskWithAddons(APP);
  const platform = await desk.start();
  const created = await desk.paas('addons:create', 'postgres');
  expect(created.stderr).toMatch(/Created postgresql-[a-z]+-\d{5} as DATABASE_URL\n/);
  expect(created.exitStatus).toBe(0);
  return { desk, platform };
}

describe('paas addons:create heroku-postgresql', () => {
  test('gives the app a database: a release, a restart, and it is used', async () => {
    const { desk, platform } = await withDatabase();
    await visited(platform, 1);
    const url = new URL(await configVar(desk, 'DATABASE_URL'));
    expect(url.protocol).toBe('postgres:');
    expect(url.hostname).toBe('localhost');
    const [release] = await desk.json<{ version: number; description: string }[]>('releases');
    expect(release?.version).toBe(2);
    expect(release?.description).toMatch(/^Attach DATABASE \(@ref:postgresql-[a-z]+-\d{5}\)$/);
    expect(readFileSync(join(desk.folder, '.paas', '.gitignore'), 'utf8')).toBe('*\n');
    await platform.running.says(/postgres\.1 +\| .*ready to accept connections/);
    const logs = await desk.paas('logs', '-p', 'postgres.1');
    expect(logs.stdout).toContain(' app[postgres.1]: LOG:  database system is ready');
    const [database] = await desk.json<Info[]>('pg');
    expect(database?.info).toMatchObject({ Plan: 'essential-0', Tables: '1' });
  });

  test('further ones have colours, names of their own, and can be detached', async () => {
    const { desk } = await withDatabase();
    expect((await desk.paas('addons:create', 'heroku-postgresql')).stderr).toContain(
      'as HEROKU_POSTGRESQL_AMBER_URL',
    );
    const first = await configVar(desk, 'DATABASE_URL');
    expect(await configVar(desk, 'HEROKU_POSTGRESQL_AMBER_URL')).not.toBe(first);
    const attached = await desk.paas('addons:attach', 'DATABASE', '--as', 'reports');
    expect(attached.stderr).toMatch(/Setting REPORTS config vars and restarting .* done, v4/);
    expect(await configVar(desk, 'REPORTS_URL')).toBe(first);
    expect((await desk.paas('addons:detach', 'REPORTS')).exitStatus).toBe(0);
    expect(await configVar(desk, 'REPORTS_URL')).toBe('');
    const refused = await desk.paas('config:set', 'DATABASE_URL=mine');
    expect(refused.stderr).toContain('Cannot overwrite attachment values DATABASE_URL.');
    expect(refused.exitStatus).toBe(2);
    expect((await desk.paas('rollback', 'v1')).exitStatus).toBe(0);
    expect(await configVar(desk, 'DATABASE_URL')).toBe(first);
  });

  test('what .env says hides it, and that is said', async () => {
    const desk = deskWithAddons({ ...APP, '.env': 'A=1\nDATABASE_URL=postgres://mine\n' });
    await desk.start();
    const created = await desk.paas('addons:create', 'postgres');
    expect(created.stderr).toContain('Warning: DATABASE_URL is set in .env, line 2, too');
    expect(await configVar(desk, 'DATABASE_URL')).toBe('postgres://mine');
  });
});

describe('the data', () => {
  test('outlives a restart, a killed server and a killed platform, and nothing outlives that', async () => {
    const { desk, platform } = await withDatabase();
    await visited(platform, 1);
    process.kill(serverPid(desk), 'SIGKILL');
    await visited(platform, 2);
    const url = await configVar(desk, 'DATABASE_URL');
    const pid = serverPid(desk);
    platform.running.signal('SIGKILL');
    await until(() => !isAlive(pid));
    const again = await desk.start();
    expect(await configVar(desk, 'DATABASE_URL')).toBe(url);
    await visited(again, 3);
    const last = serverPid(desk);
    const { exitStatus, stdout } = await again.running.end();
    expect(exitStatus).toBe(0);
    expect(isAlive(last)).toBe(false);
    expect(stdout.indexOf('database system is shut down')).toBeGreaterThan(
      stdout.lastIndexOf('web.1'),
    );
  });

  test('moves to another port when its own is taken, in a release', async () => {
    const { desk, platform } = await withDatabase();
    await visited(platform, 1);
    const before = new URL(await configVar(desk, 'DATABASE_URL'));
    await platform.running.end();
    const server = createServer().listen(Number(before.port), '127.0.0.1');
    // As a machine that crashed leaves it, when the number is another program's by now.
    const [id = ''] = readdirSync(join(dataFolder(desk), 'addons'));
    const lock = join(dataFolder(desk), 'addons', id, 'data', 'postmaster.pid');
    writeFileSync(lock, `${process.pid}\n/data\n1\n${before.port}\n\nlocalhost\n\nready\n`);
    try {
      await visited(await desk.start(), 2);
      expect(new URL(await configVar(desk, 'DATABASE_URL')).port).not.toBe(before.port);
    } finally {
      server.close();
    }
  });

  test('that is damaged or of another version is said, never touched, and the app starts', async () => {
    const { desk, platform } = await withDatabase();
    await platform.running.end();
    const addons = join(dataFolder(desk), 'addons');
    const version = join(addons, readdirSync(addons)[0] ?? '', 'data', 'PG_VERSION');
    const major = readFileSync(version, 'utf8').trim();
    writeFileSync(version, '9\n');
    const other = await desk.start();
    await other.running.says(/does not run\. There is no Postgres 9 on this machine, only \d+/);
    await other.running.end();
    const control = join(version, '..', 'global', 'pg_control');
    const kept = readFileSync(control);
    writeFileSync(version, `${major}\n`);
    writeFileSync(control, Buffer.alloc(kept.length));
    const broken = await desk.start();
    await broken.running.says(/does not run\. .*Nothing was changed in .*\. Put a copy back/);
    expect(broken.running.stdout).not.toMatch(/does not run.*initdb/);
    await broken.running.end();
    writeFileSync(control, kept);
    rmSync(version);
    const damaged = await desk.start();
    await damaged.running.says(/is damaged: it does not say its version\. Nothing was changed/);
    expect((await desk.paas('addons:info', 'DATABASE')).stdout).toContain('is damaged');
    expect((await desk.paas('pg:wait', '-t', '0')).exitStatus).toBe(1);
    expect(readdirSync(join(version, '..'))).toContain('base');
  });

  test('goes with the add-on, when that is meant', async () => {
    const { desk } = await withDatabase();
    const pid = serverPid(desk);
    const asked = await desk.paas('addons:destroy', 'DATABASE');
    expect(asked.stderr).toContain('If you mean it, say so with --confirm');
    expect(asked.exitStatus).toBe(1);
    const [app] = await desk.json<{ name: string }[]>('apps');
    const gone = await desk.paas('addons:destroy', 'DATABASE', '--confirm', app?.name ?? '');
    expect(gone.exitStatus).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(join(dataFolder(desk), 'addons'))).toEqual([]);
    expect(await configVar(desk, 'DATABASE_URL')).toBe('');
  });
});

describe('the tools', () => {
  test('back up and restore; a restore that fails leaves what was there', async () => {
    const { desk } = await withDatabase();
    const [app] = await desk.json<{ name: string }[]>('apps');
    const sure = ['--confirm', app?.name ?? ''];
    await query(desk, 'create table t as select generate_series(1, 1000) as n');
    expect((await desk.paas('pg:backups:capture')).stdout.trim()).toBe('b001');
    expect((await desk.paas('pg:reset', ...sure)).exitStatus).toBe(0);
    expect(await query(desk, "select to_regclass('t') as t")).toEqual([{ t: null }]);
    expect((await desk.paas('pg:backups:restore', 'b001', ...sure)).exitStatus).toBe(0);
    expect(await query(desk, 'select count(*) from t')).toEqual([{ count: '1000' }]);

    expect((await desk.paas('pg:backups:download', '-o', 'half.dump')).exitStatus).toBe(0);
    const half = join(desk.folder, 'half.dump');
    writeFileSync(half, readFileSync(half).subarray(0, -500));
    await query(desk, 'insert into t values (0)');
    const failed = await desk.paas('pg:backups:restore', './half.dump', ...sure);
    expect(failed.stderr).toContain('pg_restore failed');
    expect(await query(desk, 'select count(*) from t')).toEqual([{ count: '1001' }]);
    const databases = "select count(*) from pg_database where datname !~ '^(postgres|template)'";
    expect(await query(desk, databases)).toEqual([{ count: '1' }]);
  });

  test('psql runs SQL, and without psql on the machine the platform does', async () => {
    const { desk } = await withDatabase();
    desk.environment['PATH'] = '/nowhere';
    const { stdout } = await desk.paas('pg:psql', '-c', 'select 6 * 7 as answer');
    expect(stdout).toContain('answer');
    expect(stdout).toContain('42');
    const wrong = await desk.paas('pg:psql', '--json', '-c', 'selekt');
    expect(wrong.stdout + wrong.stderr).toContain('syntax error at or near');
    expect(wrong.exitStatus).toBe(1);
    const { url } = await desk.json<{ url: string }>('pg:credentials:url');
    expect(url).toBe(await configVar(desk, 'DATABASE_URL'));
  });

  test('any client gets in with the password, and none without', async () => {
    const { desk } = await withDatabase();
    const url = await configVar(desk, 'DATABASE_URL');
    const connects = (to: string) => {
      const code = `new (require(${JSON.stringify(PG)}).Client)(process.argv[1]).connect().then(() => process.exit(0), (e) => { console.log(e.message); process.exit(3) })`;
      try {
        return execFileSync(process.execPath, ['-e', code, to], { encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    expect(connects(url)).toBe('');
    expect(connects(url.replace(/:p[0-9a-f]+@/, ':wrong@'))).toContain('authentication failed');
  });
});
