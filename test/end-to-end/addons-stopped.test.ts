/** What goes on with a database when the platform stops, or when two ask for the same. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { dataFolder, deskWithAddons, testWith } from '../support/addons.js';
import type { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const test = testWith(['Postgres']);

const APP = { Procfile: 'worker: sleep 1000\n' };

const kept = (desk: Desk): string[] => {
  const folder = join(dataFolder(desk), 'addons');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('a platform that stops while a database is made ends, and leaves nothing of it', async () => {
  const desk = deskWithAddons(APP);
  const platform = await desk.start();
  const creating = desk.spawn(['addons:create', 'postgres']);
  await until(() => kept(desk).length > 0);
  platform.running.signal('SIGINT');
  expect((await platform.running.ended).exitStatus).toBe(0);
  expect((await creating.ended).stderr).toContain('The platform is stopping.');
  expect(kept(desk)).toEqual([]);
});

test('backups that are asked for at the same time are several whole ones', async () => {
  const desk = deskWithAddons(APP);
  const platform = await desk.start();
  await desk.paas('addons:create', 'postgres');
  const all = await Promise.all([1, 2, 3].map(() => desk.paas('pg:backups:capture')));
  expect(all.map(({ exitStatus }) => exitStatus)).toEqual([0, 0, 0]);
  expect(all.map(({ stdout }) => stdout.trim()).sort()).toEqual(['b001', 'b002', 'b003']);

  // The thousandth one is newer than the 999th.
  const folder = join(dataFolder(desk), 'addons', kept(desk)[0] ?? '', 'backups');
  mkdirSync(folder, { recursive: true });
  for (const name of ['b999', 'b1000']) writeFileSync(join(folder, `${name}.dump`), '');
  expect((await desk.paas('pg:backups:capture')).stdout.trim()).toBe('b1001');

  const [app] = await desk.json<{ name: string }[]>('apps');
  const wrong = 'postgres://u:100%@localhost:1/x';
  const copied = await desk.paas('pg:copy', wrong, 'DATABASE', '--confirm', app?.name ?? '');
  expect(copied.stderr).toContain('with %25 for a %');
  await platform.running.end();

  // What a platform leaves that is killed in the middle goes at the next start.
  mkdirSync(join(folder, 'b1002.part.data'));
  for (const name of ['../0a1b.part', 'b1002.part', 'b1002.part.data/PG_VERSION']) {
    writeFileSync(join(folder, name), '');
  }
  await desk.start();
  expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
  expect(existsSync(join(folder, '../0a1b.part'))).toBe(false);
  expect((await desk.paas('pg:wait')).exitStatus).toBe(0);
});
