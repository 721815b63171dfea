/** Dynos come and go under load, and no request is lost. */
import { expect, test } from 'vitest';
import { Load } from '../support/load.js';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

/** Ends at once at SIGTERM, as a server does that knows nothing of it. */
const SERVER = `require('http').createServer((_, response) =>
  setTimeout(() => response.end('hello'), 20)).listen(process.env.PORT);`;

test('scaling from 1 to 5 to 1, restarts and a stop under load fail no request', async () => {
  const desk = Desk.with({ Procfile: 'web: node server.js\n', 'server.js': SERVER });
  const { port, running } = await desk.start();
  await running.says(/State changed from starting to up/);
  const load = new Load(port);
  const up = async (count: number) => {
    const dynos = await desk.json<{ state: string; stopping: boolean; name: string }[]>('ps');
    return (
      dynos.length === count && dynos.every(({ state, stopping }) => state === 'up' && !stopping)
    );
  };
  for (const [words, count] of [
    [['scale', 'web=5'], 5],
    [['restart'], 5],
    [['restart', 'web.2'], 5],
    [['stop', 'web.3'], 4],
    [['scale', 'web=1'], 1],
  ] as const) {
    expect((await desk.paas(...words)).exitStatus).toBe(0);
    await until(() => up(count));
  }
  const before = load.ok;
  await until(() => load.ok > before + 50);
  await load.stop();
  const faults = running.stdout.split('\n').filter((line) => line.includes('code=H'));
  expect({ failed: load.failed, faults }).toEqual({ failed: [], faults: [] });
});
