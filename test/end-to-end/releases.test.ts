/** What makes a release, and what becomes of the dynos then, through the real binary. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Desk } from '../support/paas.js';

test('features:disable preboot counts from the next restart on', async () => {
  const server = `require('node:http').createServer().listen(process.env.PORT)`;
  const desk = Desk.with({ Procfile: 'web: exec node server.cjs\n', 'server.cjs': server });
  const { running } = await desk.start();
  await desk.paas('wait', 'web');
  await desk.paas('features:disable', 'preboot');
  await desk.paas('restart', 'web');
  await running.says(/web\.1\s+\| Restarting/);
});

test('a release that Ctrl-C cut off, or whose command failed, is made again at the next start', async () => {
  const release = 'test -e works && exit 0; test -e fails && exit 1; exec sleep 1000';
  const desk = Desk.with({ Procfile: `release: ${release}\nworker: exec sleep 1000\n` });
  const first = desk.spawn(['local', 'start', '-p', '0']);
  await first.says(/release\.\d+ \| State changed from starting to up/);
  first.child.kill('SIGINT');
  expect((await first.ended).exitStatus).toBe(0);
  writeFileSync(join(desk.folder, 'fails'), '');
  const second = await desk.paas('local', 'start', '-p', '0');
  expect(second.stderr).toContain('The release command of v2 exited with status 1.');
  writeFileSync(join(desk.folder, 'works'), '');
  const { running } = await desk.start();
  await running.says(/Release v3 created/);
  await running.says(/worker\.1\s+\| State changed from starting to up/);
});
