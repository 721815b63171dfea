import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Desk } from '../../support/paas.js';
import { until } from '../../support/until.js';

const PROCFILE = `web: node web.mjs
worker: sh -c 'echo working; sleep 1000'
`;
const WEB = `
import { createServer } from 'node:http';
createServer((request, response) => {
  console.log(JSON.stringify({ level: 'error', url: request.url, id: request.headers['x-request-id'] }));
  response.end('ok');
}).listen(process.env.PORT);
console.log('booted');
`;
const ID = '01234567-89ab-cdef-0123-456789abcdef';

describe('paas logs', () => {
  it('finds lines of a running app, follows it over a restart, and reads what it left', async () => {
    const desk = Desk.with({ Procfile: PROCFILE, 'web.mjs': WEB });
    const platform = await desk.start();
    const logs = async (...words: string[]) => (await desk.paas('logs', ...words)).stdout;
    await until(async () => (await logs()).includes('working') && (await logs()).includes('to up'));

    await fetch(`http://127.0.0.1:${platform.port}/path`, { headers: { 'X-Request-Id': ID } });
    const found = await until(async () => {
      const lines = (await logs('--request-id', ID)).trim().split('\n');
      return lines.length === 2 && lines;
    });
    expect(
      found.some((line) => /heroku\[router\]: at=info method=GET path="\/path"/.test(line)),
    ).toBe(true);
    expect(found.some((line) => /app\[web\.1\]: \{"level":"error"/.test(line))).toBe(true);

    expect(await logs('-p', 'worker', '-s', 'app')).toMatch(/^\S+ app\[worker\.1\]: working\n$/);
    expect(await logs('-d', 'web.1', '--grep', 'level=error', '--format', 'foreman')).toMatch(
      /^\d\d:\d\d:\d\d web\.1 {2}\| \{/,
    );
    const [json] = (await logs('--grep', 'boot.d$', '--json', '-n', '1')).trim().split('\n');
    expect(JSON.parse(json ?? '')).toMatchObject({
      source: 'app',
      process: 'web.1',
      text: 'booted',
    });
    expect(await desk.paas('logs', '--until', '1h')).toMatchObject({
      exitStatus: 0,
      stdout: '',
      stderr: expect.stringContaining('No line of the log is like that.'),
    });
    const both = await logs('-s', 'app', '-s', 'heroku', '-n', '2', '-p', 'worker', '-p', 'web');
    expect(both.trim().split('\n')).toHaveLength(2);

    const tail = desk.spawn(['logs', '--tail', '-p', 'worker', '-s', 'app']);
    await until(() => tail.stdout.includes('working'));
    await platform.running.end();
    const left = await desk.paas('logs', '-s', 'app', '-p', 'worker');
    expect(left.stdout).toMatch(/app\[worker\.1\]: working\n$/);
    expect(left.stderr).toContain('not running');

    await desk.start();
    await until(() => tail.stdout.match(/working/g)?.length === 2);
    expect(tail.stderr).toContain('The app has ended.');
  });

  it('has each line once, whether it is in memory or on disk', async () => {
    const count = 20_000;
    const desk = Desk.with({ Procfile: `flood: seq ${count}; exec sleep 1000\n` });
    await desk.start();
    const numbers = async (...words: string[]) =>
      (await desk.paas('logs', '-p', 'flood', '-s', 'app', ...words)).stdout
        .split('\n')
        .flatMap((line) => / (\d+)$/.exec(line)?.[1] ?? []);
    const last = (many: number) =>
      Array.from({ length: many }, (_, at) => `${count - many + at + 1}`);
    await until(async () => (await numbers('-n', '1'))[0] === `${count}`);
    expect(await numbers('-n', '30000')).toEqual(last(count));
    expect(await numbers('-n', '1400')).toEqual(last(1_400));
    expect(await numbers('-n', '1501')).toEqual(last(1_501));
    expect(await numbers('-n', '30000', '--grep', '.')).toEqual(last(count));
    expect(await numbers('--grep', '^1?7777$')).toEqual(['7777', '17777']);
    expect(await numbers('--grep', '^1?7777$', '-C', '1')).toEqual(
      [7776, 7777, 7778, 17776, 17777, 17778].map(String),
    );
  });

  it('says what was asked wrongly', async () => {
    const desk = Desk.with({});
    expect(await desk.paas('logs', '--grep', '(')).toMatchObject({ exitStatus: 2 });
    expect(await desk.paas('logs', '--since', 'yesterday')).toMatchObject({ exitStatus: 2 });
    expect(await desk.paas('logs', '--tail', '--until', '5m')).toMatchObject({ exitStatus: 2 });
    const nothing = await desk.paas('logs');
    expect(nothing.exitStatus).toBe(1);
    expect(nothing.stderr).toMatch(/^Error: No app is running/);
  });
});

describe('paas drains', () => {
  it('adds, lists and removes drains, and never prints their secrets', async () => {
    const desk = Desk.with({ Procfile: PROCFILE, 'web.mjs': WEB });
    await desk.start();
    const file = `${desk.folder}/drain.log`;
    const secret = 'http://user:hunter22@127.0.0.1:1/in?key=hunter23';
    const said = [
      await desk.paas('drains:add', `file://${file}`),
      await desk.paas('drains:add', secret),
      await desk.paas('drains'),
      await desk.paas('drains', '--json'),
    ];
    expect(said.map(({ exitStatus }) => exitStatus)).toEqual([0, 0, 0, 0]);
    expect(said.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toMatch(/hunter/);
    expect(said[2]?.stdout).toMatch(
      /^=== Drains\n\nfile:\S+ \(d\.[0-9a-f-]+\)\nhttp:\/\/\*\*\*\*@127\.0\.0\.1:1\/in\?\*\*\*\* \(d\./,
    );
    await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('app[api]'));
    expect(await desk.paas('drains:remove', secret)).toMatchObject({ exitStatus: 0 });
    expect((await desk.json<unknown[]>('drains')).length).toBe(1);
    expect(await desk.paas('drains:add', 'ftp://user:hunter24@host')).toMatchObject({
      exitStatus: 2,
      stderr: expect.not.stringContaining('hunter'),
    });
  });
});
