/** Add-ons that an app has from its first start on: as app.json asks, or as its main work tree has them. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { deskWithAddons, testWith } from '../support/addons.js';
import type { Desk } from '../support/paas.js';
import { OnTerminal } from '../support/terminal.js';

const test = testWith(['Postgres']);

const MODULES = resolve(import.meta.dirname, '../../node_modules');

/** An app with Knex, whose release phase migrates. */
const SHOP = {
  Procfile: 'release: node_modules/.bin/knex migrate:latest\nweb: node server.js\n',
  'app.json': JSON.stringify({ addons: ['heroku-postgresql:essential-0', 'papertrail'] }),
  'knexfile.js': `module.exports = { client: 'pg', connection: process.env.DATABASE_URL };`,
  'migrations/1_first.js': `
exports.up = (knex) => knex.schema.createTable('products', (table) => table.string('name'))
  .then(() => knex('products').insert({ name: 'teapot' }));
exports.down = (knex) => knex.schema.dropTable('products');
`,
  'server.js': `
const knex = require('knex')(require('./knexfile'));
require('http').createServer(async (request, response) => {
  response.end(JSON.stringify(await knex('products').select()));
}).listen(process.env.PORT);
`,
};

function shop(): Desk {
  const desk = deskWithAddons(SHOP);
  symlinkSync(MODULES, join(desk.folder, 'node_modules'));
  return desk;
}

describe('an app.json with add-ons', () => {
  test('has them before the first release phase, when the start says yes', async () => {
    const desk = shop();
    const platform = await desk.start('--yes');
    await platform.running.says(/addons +\| .*there is no such service here\./);
    await desk.paas('wait');
    expect((await platform.fetch('/')).body).toBe('[{"name":"teapot"}]');
    const releases = await desk.json<{ version: number }[]>('releases');
    expect(releases.map(({ version }) => version)).toEqual([1]);
    await platform.running.end();
    const again = await desk.start('--yes');
    await desk.paas('wait');
    expect((await again.fetch('/')).body).toBe('[{"name":"teapot"}]');
    expect(await desk.json<unknown[]>('addons')).toHaveLength(1);
  });

  test('is asked about once on a terminal, and no is an answer', async () => {
    const desk = deskWithAddons({ ...SHOP, Procfile: 'worker: sleep 1000\n' });
    const start = new OnTerminal(desk, ['local', 'start', '-p', '0']);
    await start.says(/This app wants heroku-postgresql:essential-0, papertrail\. Create them/);
    start.type('n\r');
    await start.says(/Listening at/);
    expect(start.shown).toMatch(/app\.json asks for heroku-postgresql:essential-0\. Create/);
    expect(await desk.json<unknown[]>('addons')).toEqual([]);
    start.type('\u0003');
    expect(await start.ended).toBe(0);
    const again = new OnTerminal(desk, ['local', 'start', '-p', '0']);
    await again.says(/Listening at/);
    expect(again.shown).not.toContain('This app wants');
    again.type('\u0003');
    await again.ended;
  });
});

describe('a git work tree', () => {
  test('begins with a copy of the database of the main one, when that is asked for', async () => {
    const main = deskWithAddons({ Procfile: 'worker: sleep 1000\n' });
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
        cwd: main.folder,
        stdio: 'pipe',
      });
    git('init', '-q', '-b', 'trunk');
    git('add', 'Procfile');
    git('commit', '-qm', 'one');
    await main.start();
    await main.paas('addons:create', 'postgres');
    await main.paas('addons:create', 'scheduler');
    const sql = ['pg:psql', '-c'];
    await main.json(...sql, 'create table t as select generate_series(1, 3) as n');

    const tree = deskWithAddons({ Procfile: 'worker: sleep 1000\n' });
    tree.environment['PAAS_DATA_DIR'] = main.environment['PAAS_DATA_DIR'];
    const nothing = await main.spawn(['local', 'start', '--fork-databases', '-d', tree.folder])
      .ended;
    expect(nothing.stderr).toContain('is no added work tree of git');
    git('worktree', 'add', '-q', '-b', 'feature', join(tree.folder, 'tree'));
    const start = ['-d', 'tree', '--fork-databases'];
    const platform = await tree.start(...start);
    const [app] = await tree.json<{ name: string }[]>('apps');
    const of = ['-a', app?.name ?? ''];
    const addons = await tree.json<{ addon_service: { name: string } }[]>('addons', ...of);
    expect(addons.map((addon) => addon.addon_service.name).sort()).toEqual([
      'heroku-postgresql',
      'scheduler',
    ]);
    const counted = await tree.json(...sql, 'select count(*) from t', ...of);
    expect(counted).toMatchObject([{ rows: [{ count: '3' }] }]);
    await tree.json(...sql, 'drop table t', ...of);
    await main.json(...sql, 'insert into t values (4)');
    await platform.running.end();
    await tree.start(...start);
    const gone = await tree.json(...sql, "select to_regclass('t') as t", ...of);
    expect(gone).toMatchObject([{ rows: [{ t: null }] }]);
  });
});
