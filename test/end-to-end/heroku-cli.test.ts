/** `paas heroku`: a program that knows only HTTP on a port and a key talks to the app. */
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk } from '../support/paas.js';

/** Asks the API as it is told to by its environment, once with the key and once without. */
const PROGRAM = `#!/usr/bin/env node
const { HEROKU_HOST, HEROKU_API_KEY, HEROKU_APP } = process.env;
const ask = (headers) => fetch(HEROKU_HOST + '/apps/' + HEROKU_APP + '/formation', { headers });
const show = async () => {
  const allowed = await ask({ Authorization: 'Bearer ' + HEROKU_API_KEY });
  const basic = Buffer.from(':' + HEROKU_API_KEY).toString('base64');
  const byPassword = await ask({ Authorization: 'Basic ' + basic });
  const [refused, wrong] = [await ask({}), await ask({ Authorization: 'Bearer x' })];
  const session = await fetch(HEROKU_HOST + '/apps/' + HEROKU_APP + '/log-sessions', {
    method: 'POST',
    headers: { Authorization: 'Bearer ' + HEROKU_API_KEY },
    body: JSON.stringify({ lines: 1 }),
  });
  const { logplex_url } = await session.json();
  const log = await (await fetch(logplex_url)).text();
  console.log(JSON.stringify({
    words: process.argv.slice(2),
    host: new URL(HEROKU_HOST).hostname,
    statuses: [allowed, byPassword, refused, wrong].map(({ status }) => status),
    types: (await allowed.json()).map(({ type }) => type),
    log,
  }));
  process.exitCode = 5;
};
show();
`;

let desk: Desk;
beforeAll(async () => {
  desk = Desk.lasting({ Procfile: 'worker: sleep 1000\n', 'bin/heroku': PROGRAM });
  await desk.start();
});
afterAll(() => desk.close());

test('where heroku is not installed it says how to, with the status of a missing command', async () => {
  const path = desk.environment['PATH'];
  desk.environment['PATH'] = join(desk.folder, 'empty');
  const { stderr, exitStatus } = await desk.paas('heroku', 'ps');
  desk.environment['PATH'] = path;
  expect(stderr).toMatch(/^Error: There is no heroku on the PATH\. Install it with /);
  expect(exitStatus).toBe(127);
});

test('heroku reaches the app with its key and nobody does without; words and status pass', async () => {
  chmodSync(join(desk.folder, 'bin/heroku'), 0o755);
  desk.environment['PATH'] = [join(desk.folder, 'bin'), desk.environment['PATH']].join(delimiter);
  const { stdout, exitStatus } = await desk.paas('heroku', 'config:set', 'A=two words', '--json');
  expect(JSON.parse(stdout)).toEqual({
    words: ['config:set', 'A=two words', '--json'],
    host: '127.0.0.1',
    statuses: [200, 200, 401, 401],
    types: ['worker'],
    log: expect.stringMatching(/ (heroku|app)\[\S+\]: /),
  });
  expect(exitStatus).toBe(5);
});

test('heroku run is paas run here, and says so', async () => {
  const { stderr, exitStatus } = await desk.paas('heroku', 'run', 'node', '-v');
  expect(stderr).toBe(
    "Error: Heroku's servers connect `heroku run`. Here it is `paas run node -v`.\n",
  );
  expect(exitStatus).toBe(2);
});
