/** What empties the HTTP cache: everything after which the app may answer otherwise. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, type Platform } from '../support/paas.js';
import { until } from '../support/until.js';

/** Tells its release, to be kept for long. The second dyno of release "bad" does not come up, when told. */
const SERVER = `
const { existsSync } = require('fs');
const { PORT, DYNO, MARK = 'first' } = process.env;
if (MARK === 'bad' && DYNO === 'web.2') {
  setInterval(() => { if (existsSync('fail')) process.exit(1); }, 20);
} else {
  require('http').createServer((request, response) => {
    response.setHeader('Cache-Control', 'max-age=600');
    response.end(MARK + ' ' + process.pid);
  }).listen(PORT);
}
`;
const PROCFILE = 'web: node server.js\nworker: node -e "setInterval(() => {}, 1000)"\n';

let desk: Desk;
let platform: Platform;
const body = async (path: string) => (await platform.fetch(path)).body;

beforeAll(async () => {
  desk = Desk.lasting({ Procfile: PROCFILE, 'server.js': SERVER });
  platform = await desk.start('-m', 'web=2,worker=1');
  // Both dynos are up when both have answered.
  const seen = new Set<string>();
  for (let turn = 0; seen.size < 2; turn += 1) {
    await until(async () => (await platform.fetch(`/start/${turn}`)).status === 200);
    seen.add(await body(`/start/${turn}`));
  }
});
afterAll(() => desk.close());

test('a restart of web does, one of another type does not', async () => {
  const before = await body('/restart');
  await desk.paas('restart', 'worker');
  expect(await body('/restart')).toBe(before);
  await desk.paas('restart', 'web');
  await until(async () => (await body('/restart')) !== before);
});

test('a release does, and a rollback', async () => {
  expect(await body('/release')).toMatch(/^first /);
  await desk.paas('config:set', 'MARK=second');
  await until(async () => (await body('/release')).startsWith('second '));
  await desk.paas('rollback');
  await until(async () => (await body('/release')).startsWith('first '));
});

test('so does a release that is given up: what its dynos answered goes with them', async () => {
  await desk.paas('config:set', 'MARK=bad');
  let tries = 0;
  await until(async () => {
    tries += 1;
    return (await body(`/bad/${tries}`)).startsWith('bad ');
  });
  writeFileSync(join(desk.folder, 'fail'), '');
  await until(async () => (await body(`/bad/${tries}`)).startsWith('first '));
});
