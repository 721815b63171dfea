/** A copied folder of an app (`cp -r shop shop2`) names the add-ons of the other one. */
import { cpSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder, deskWithAddons } from '../support/addons.js';

const APP = { Procfile: 'worker: sleep 1000\n' };

interface Row {
  readonly name: string;
  readonly status: string;
}

test('the copy neither uses nor deletes what belongs to the other one', async () => {
  const [desk, copy] = [deskWithAddons(APP), deskWithAddons(APP)];
  copy.environment['PAAS_DATA_DIR'] = dataFolder(desk);
  const platform = await desk.start();
  expect((await desk.paas('addons:create', 'bucketeer')).exitStatus).toBe(0);
  const kept = () => readdirSync(join(dataFolder(desk), 'addons'));
  const [id] = kept();

  cpSync(join(desk.folder, '.paas'), join(copy.folder, '.paas'), { recursive: true });
  await copy.start();
  const [row] = await copy.json<Row[]>('addons');
  expect(row?.status).not.toBe('up');
  const about = await copy.paas('addons:info', row?.name ?? '');
  expect(about.stdout.replace(/\s+/g, ' ')).toContain('of which this folder is a copy');
  const [app] = await copy.json<{ name: string }[]>('apps');
  const gone = await copy.paas('addons:destroy', row?.name ?? '', '--confirm', app?.name ?? '');
  expect([gone.exitStatus, await copy.json<Row[]>('addons')]).toEqual([0, []]);
  expect(kept()).toEqual([id]);
  expect((await desk.json<Row[]>('addons'))[0]?.status).toBe('up');
  await platform.running.end();
});

test('an app that was moved keeps its add-ons, and may delete them', async () => {
  const [desk, moved] = [deskWithAddons(APP), deskWithAddons(APP)];
  moved.environment['PAAS_DATA_DIR'] = dataFolder(desk);
  const platform = await desk.start();
  await desk.paas('addons:create', 'bucketeer');
  await platform.running.end();
  renameSync(join(desk.folder, '.paas'), join(moved.folder, '.paas'));
  await moved.start();
  const [row] = await moved.json<Row[]>('addons');
  expect(row?.status).toBe('up');
  const [app] = await moved.json<{ name: string }[]>('apps');
  await moved.paas('addons:destroy', row?.name ?? '', '--confirm', app?.name ?? '');
  expect(readdirSync(join(dataFolder(desk), 'addons'))).toEqual([]);
});
