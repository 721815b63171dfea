/** `paas open`, with a browser that notes what it was asked for. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

test.skipIf(process.platform === 'win32')('a browser is started, and goes on', async () => {
  const desk = Desk.with({ Procfile: 'worker: sleep 1000\n' });
  await desk.start();
  const browser = join(desk.folder, 'browser');
  // It is still at it when the command has ended.
  const text = `#!/bin/sh
for look in $(seq 600); do [ -e ${desk.folder}/ended ] && break; sleep 0.05; done
echo "$1" > ${desk.folder}/part && mv ${desk.folder}/part ${desk.folder}/opened
`;
  writeFileSync(browser, text);
  chmodSync(browser, 0o755);
  desk.environment['BROWSER'] = browser;
  const { stdout, exitStatus } = await desk.paas('open', '/a b?c=$(d)');
  expect(stdout).toMatch(/^http:\/\/\S+\/a%20b\?c=\$\(d\)\n$/);
  expect(exitStatus).toBe(0);
  writeFileSync(`${desk.folder}/ended`, '');
  await until(() => existsSync(`${desk.folder}/opened`));
  expect(readFileSync(`${desk.folder}/opened`, 'utf8')).toBe(stdout);

  desk.environment['BROWSER'] = 'no-such-browser';
  const { stderr } = await desk.paas('open');
  expect(stderr).toMatch(/^Error: Couldn't start no-such-browser for a browser\. Open http/);
});
