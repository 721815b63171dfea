/** The port that `paas heroku` opens for a program: who may pass. */
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Bridge } from '../../../src/cli/heroku/bridge.js';
import { makeFolder, removeFolder } from '../../support/folders.js';

/** A bridge, the paths that came over it, and a way to ask for one as it is written. */
async function bridge() {
  const folder = makeFolder();
  const seen: string[] = [];
  const api = createServer((asked, answer) => {
    seen.push(`${asked.method} ${asked.url}`);
    answer.end('{}');
  });
  await new Promise<void>((resolve) => api.listen(join(folder, 'api'), resolve));
  const open = await Bridge.open(join(folder, 'api'));
  onTestFinished(() => {
    open.close();
    api.close();
    removeFolder(folder);
  });
  const ask = (method: string, path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      // `fetch` would resolve the dots before it sends them.
      const sent = request(open.url, { method, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.once('error', reject).end();
    });
  return { ask, seen };
}

test('without the key nothing passes but a stream, whatever way a path is written', async () => {
  const { ask, seen } = await bridge();
  const paths = [
    '/apps',
    '/streams/../apps/shop/config-vars',
    '/streams/%2e%2e/apps/shop/config-vars',
    '/streams/x/../../apps',
    '/streams/..\\apps',
    '/streams/',
    '//streams/x',
  ];
  for (const path of paths) expect([path, await ask('GET', path)]).toEqual([path, 401]);
  expect(await ask('POST', '/streams/b5c1f3a0-0000-4000-8000-000000000000')).toBe(401);
  expect(await ask('GET', '/streams/b5c1f3a0-0000-4000-8000-000000000000?tail=true')).toBe(200);
  expect(seen).toEqual(['GET /streams/b5c1f3a0-0000-4000-8000-000000000000?tail=true']);
});
