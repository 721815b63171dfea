/** Names: every app of the machine behind every router, work trees of git among them. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const SERVER = `require('http').createServer((_, response) =>
  response.end(process.cwd())).listen(process.env.PORT);`;

test('a git work tree has a name of its own, which any router answers for', async () => {
  const desk = Desk.with({
    Procfile: 'web: node server.js\n',
    'server.js': SERVER,
    'app.json': '{ "name": "shop" }',
  });
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd: desk.folder,
      stdio: 'ignore',
    });
  git('init');
  git('add', '.');
  git('commit', '-m', 'Open the shop');
  git('worktree', 'add', '-b', 'feature/cart', 'tree');
  const platform = await desk.start();
  const { port, running } = platform;
  const [url] = await running.says(/http:\/\/\S+/);
  const tree = desk.spawn(['local', 'start', '-p', '0', '-d', 'tree']);
  await tree.says(/Listening at http:\/\/feature-cart\.shop\.localhost:/);
  const ask = (host: string) => platform.fetch('/', { Host: `${host}:${port}` });
  expect(url).toBe(`http://shop.localhost:${port}/`);
  await until(
    async () => (await ask('feature-cart.shop.localhost')).body === `${desk.folder}/tree`,
  );
  await until(async () => (await ask('shop.localhost')).body === desk.folder);
  const nobody = await ask('nope.shop.localhost');
  expect(nobody.status).toBe(404);
  expect(nobody.body).toMatch(/>shop<.*>shop-feature-cart</s);
  const { stdout } = await desk.paas('domains', '-a', 'shop-feature-cart');
  expect(stdout).toMatch(/^feature-cart\.shop\.localhost +its own$/m);
});
