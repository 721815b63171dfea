/** Starts: one that takes long heeds Ctrl-C, and each sees what the folder says. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

test('Ctrl-C during the release command ends the start', async () => {
  const desk = Desk.with({
    Procfile: 'release: touch begun; sleep 1000\nworker: sleep 1000\n',
  });
  const start = desk.spawn(['local', 'start', '-p', '0']);
  await until(() => existsSync(join(desk.folder, 'begun')));
  start.signal('SIGINT');
  expect((await start.ended).exitStatus).toBe(0);
  expect(desk.registered).toEqual([]);
});

test('a release command that fails leaves a new app not started, with status 1', async () => {
  const desk = Desk.with({ Procfile: 'release: exit 4\nworker: sleep 1000\n' });
  const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', '0');
  expect(stderr).toMatch(/^Error: The release command of v1 exited with status 4\. /);
  expect(exitStatus).toBe(1);
});

test('a release command that fails later keeps the release before it live', async () => {
  const desk = Desk.with({
    Procfile: 'release: test "$BREAK" = ""\nworker: echo value=$VALUE; sleep 1000\n',
    '.env': 'VALUE=1\n',
  });
  const platform = await desk.start();
  await platform.running.says(/value=1/);
  const set = await desk.paas('config:set', 'BREAK=yes', 'VALUE=2');
  expect(set.stderr).toMatch(
    /The release command of v2 exited with status 1\. The release before it stays live\./,
  );
  expect(set.exitStatus).toBe(1);
  const releases =
    await desk.json<{ version: number; status: string; current: boolean }[]>('releases');
  expect(releases.map(({ version, status, current }) => [version, status, current])).toEqual([
    [2, 'failed', false],
    [1, 'succeeded', true],
  ]);
  expect(platform.running.stdout).not.toContain('value=2');
});

test('a Procfile that was edited while nothing ran is a release at the next start', async () => {
  const desk = Desk.with({ Procfile: 'worker: echo before; sleep 1000\n' });
  const first = desk.spawn(['local', 'start', '-p', '0']);
  await first.says(/before/);
  await first.end();
  writeFileSync(join(desk.folder, 'Procfile'), 'worker: echo after; sleep 1000\n');
  await desk.spawn(['local', 'start', '-p', '0']).says(/worker\.1 +\| after/);
  const releases = await desk.json<{ version: number }[]>('releases');
  expect(releases.map(({ version }) => version).sort()).toEqual([1, 2]);
});
