/** What makes a release, and what becomes of the dynos then, through the real binary. */
import { test } from 'vitest';
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
