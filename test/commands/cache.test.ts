/** `paas cache`: what the HTTP cache holds, emptying it, and switching it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, type Platform } from '../support/paas.js';
import { until } from '../support/until.js';

/** Counts its answers; those below /news may be kept, and have a tag. */
const SERVER = `
let count = 0;
require('http').createServer((request, response) => {
  if (request.url.startsWith('/news')) {
    response.setHeader('Cache-Control', 'public, max-age=600');
    response.setHeader('Cache-Tag', 'news');
  }
  count += 1;
  response.end(String(count));
}).listen(process.env.PORT);
`;
interface Report {
  readonly enabled: boolean;
  readonly hits: number;
  readonly entries: number;
}

let desk: Desk;
let platform: Platform;
beforeAll(async () => {
  desk = Desk.lasting({ Procfile: 'web: node server.js\n', 'server.js': SERVER });
  platform = await desk.start();
  await until(async () => (await platform.fetch('/')).status === 200);
});
afterAll(() => desk.close());

const body = async (path: string) => (await platform.fetch(path)).body;

test('it says how often it answered, and what it holds', async () => {
  const first = await body('/news/1');
  expect(await body('/news/1')).toBe(first);
  const report = await desk.json<Report>('cache');
  expect(report).toMatchObject({ enabled: true, hits: 1, entries: 1 });
  const { stdout } = await desk.paas('cache');
  expect(stdout).toMatch(
    /^Enabled: +yes\nHits: +1 \(\d+ %\)\nMisses: +\d+\nStored: +1 response, /m,
  );
  expect(stdout).toMatch(/=== Hottest\n\n1 {2}\S*\/news\/1/);
});

test('it is emptied of one URL, of a tag, or of everything', async () => {
  const [one, two] = [await body('/news/1'), await body('/news/2')];
  expect((await desk.paas('cache:purge', '/news/2')).stderr).toMatch(/done, 1 forgotten\n$/);
  expect(await body('/news/1')).toBe(one);
  expect(await body('/news/2')).not.toBe(two);
  expect(await desk.json('cache:purge', '--tag', 'news')).toEqual({ purged: 2 });
  await body('/news/1');
  expect(await desk.json('cache', 'purge')).toEqual({ purged: 1 });
});

test('it is told when it cannot know what to forget', async () => {
  const wrong = await desk.paas('cache:purge', 'news');
  expect(wrong.stderr).toContain('news is neither a path, such as /products, nor a URL');
  expect(wrong.exitStatus).toBe(2);
});

test('it is switched off and on', async () => {
  expect((await desk.paas('cache:off')).stderr).toMatch(
    /^Disabling the HTTP cache of \S+\.\.\. done/,
  );
  expect(await body('/news/1')).not.toBe(await body('/news/1'));
  expect(await desk.json<Report>('cache')).toMatchObject({ enabled: false });
  expect((await desk.paas('cache', 'on')).stderr).toMatch(/^Enabling/);
  expect(await body('/news/1')).toBe(await body('/news/1'));
});

test('a start without it says so', async () => {
  const plain = Desk.lasting({ Procfile: 'web: node server.js\n', 'server.js': SERVER });
  try {
    await plain.start('--no-cache');
    expect((await plain.paas('cache')).stdout).toMatch(/^Enabled: +no\nHits: +0\n/m);
    expect(await plain.json('cache:purge')).toEqual({ purged: 0 });
    expect((await plain.paas('cache:on')).stderr).toContain('This start has --no-cache');
  } finally {
    await plain.close();
  }
});
