/** The main job, through the real binary: start, and control it from a second terminal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const SERVER = `
require('http').createServer((request, response) => {
  response.end([process.env.DYNO, process.env.GREETING].join(' '));
}).listen(process.env.PORT, () => console.log('ready'));
`;
const WORKER = `console.log('working with', process.env.GREETING); setInterval(() => {}, 1e6);`;
const APP = {
  Procfile: 'web: node server.js\nworker: node worker.js\n',
  'server.js': SERVER,
  'worker.js': WORKER,
  '.env': '# greetings\nGREETING=hello # to all\n',
};

interface DynoRow {
  readonly name: string;
  readonly state: string;
  readonly port: number;
}

const up = async (desk: Desk, type: string): Promise<string[]> =>
  (await desk.json<DynoRow[]>('ps'))
    .filter(({ name, state }) => name.startsWith(`${type}.`) && state === 'up')
    .map(({ name }) => name);

describe('paas local start', () => {
  test('runs every type behind the router, with one log, until Ctrl-C', async () => {
    const desk = Desk.with(APP);
    const platform = await desk.start();
    await platform.running.says(/web\.1\s+\| State changed from starting to up/);
    const answer = await platform.fetch('/');
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('web.1 hello');
    await platform.running.says(/worker\.1\s+\| working with hello/);
    await platform.running.says(
      /router\s+\| at=info method=GET path="\/" host=127\.0\.0\.1:\d+ .* dyno=web\.1 .* status=200/,
    );
    platform.running.signal('SIGINT');
    const { exitStatus, stdout } = await platform.running.ended;
    expect(exitStatus).toBe(0);
    expect(stdout).toMatch(/web\.1\s+\| Stopping all processes with SIGTERM/);
    expect(stdout).toMatch(/worker\.1\s+\| Process exited with status 143/);
  });

  test('scales live, takes turns among the web dynos, and remembers it', async () => {
    const desk = Desk.with(APP);
    const first = await desk.start();
    await until(async () => (await up(desk, 'web')).length === 1);
    const scaled = await desk.paas('scale', 'web=3', 'worker+1');
    expect(scaled.stderr + scaled.stdout).toContain('web at 3');
    await until(async () => (await up(desk, 'web')).length === 3);
    const answered = new Set<string>();
    for (let request = 0; request < 6; request += 1) answered.add((await first.fetch('/')).body);
    expect([...answered].sort()).toEqual(['web.1 hello', 'web.2 hello', 'web.3 hello']);
    await first.running.end();

    await desk.start();
    const shown = await desk.paas('scale');
    expect(shown.stdout.trim()).toBe('web=3:Standard-1X worker=2:Standard-1X');
    const again = await desk.paas('scale', ...shown.stdout.trim().split(' '));
    expect(again.exitStatus).toBe(0);
  });

  test('config:set edits .env in place, makes a release and restarts with the new value', async () => {
    const desk = Desk.with(APP);
    const platform = await desk.start();
    await until(async () => (await up(desk, 'web')).length === 1);
    const set = await desk.paas('config:set', 'GREETING=bonjour', 'EXTRA=a b');
    expect(set.stderr + set.stdout).toContain('v2');
    expect(readFileSync(join(desk.folder, '.env'), 'utf8')).toBe(
      '# greetings\nGREETING=bonjour # to all\nEXTRA="a b"\n',
    );
    await until(async () => (await platform.fetch('/')).body === 'web.1 bonjour');
    expect(await desk.json('config')).toEqual({ GREETING: 'bonjour', EXTRA: 'a b' });

    const releases = await desk.json<{ version: number; description: string }[]>('releases');
    expect(releases[0]).toMatchObject({
      version: 2,
      description: 'Set GREETING, EXTRA config vars',
    });
    await desk.paas('rollback', 'v1');
    await until(async () => (await platform.fetch('/')).body === 'web.1 hello');
    expect(await desk.json('config')).toEqual({ GREETING: 'hello' });
  });

  test('an edit of .env or the Procfile applies itself', async () => {
    const desk = Desk.with(APP);
    const platform = await desk.start();
    await until(async () => (await up(desk, 'web')).length === 1);
    writeFileSync(join(desk.folder, '.env'), 'GREETING=edited\n');
    await until(async () => (await platform.fetch('/')).body === 'web.1 edited');
    writeFileSync(join(desk.folder, 'Procfile'), `web: node server.js\nclock: node worker.js\n`);
    await until(async () => (await up(desk, 'clock')).length === 1);
    await until(async () => (await up(desk, 'worker')).length === 0);
    writeFileSync(join(desk.folder, 'Procfile'), 'nonsense\n');
    await platform.running.says(
      /Procfile:1: "nonsense" has no colon\..* Until then the last release runs on\./,
    );
    expect((await platform.fetch('/')).status).toBe(200);
  });

  test('restart makes a new dyno in the slot; stop takes one away', async () => {
    const desk = Desk.with(APP);
    await desk.start();
    const pid = async () =>
      (await desk.json<{ name: string; pid: number; state: string }[]>('ps')).find(
        ({ name }) => name === 'worker.1',
      );
    const before = await until(async () =>
      (await pid())?.state === 'up' ? await pid() : undefined,
    );
    expect((await desk.paas('restart', 'worker.1')).exitStatus).toBe(0);
    await until(async () => {
      const now = await pid();
      return now?.state === 'up' && now.pid !== before.pid;
    });
    expect((await desk.paas('stop', 'worker.1')).exitStatus).toBe(0);
    await until(async () => (await up(desk, 'worker')).length === 0);
  });

  test('logs end by themselves, and filter', async () => {
    const desk = Desk.with(APP);
    const platform = await desk.start();
    await until(async () => (await up(desk, 'worker')).length === 1);
    await platform.running.says(/working with/);
    const logs = await desk.paas('logs', '-p', 'worker', '-s', 'app');
    expect(logs.exitStatus).toBe(0);
    expect(logs.stdout.trim().split('\n')).toHaveLength(1);
    expect(logs.stdout).toContain('working with hello');
  });

  test('run gives the child’s output and exit status', async () => {
    const desk = Desk.with(APP);
    await desk.start();
    const run = await desk.paas(
      'run',
      'node -e "console.log(process.env.GREETING, process.env.DYNO); process.exit(7)"',
    );
    expect(run.exitStatus).toBe(7);
    expect(run.stdout).toMatch(/^hello run\.\d{4}$/m);
    expect((await desk.paas('run', 'no-such-command')).exitStatus).toBe(127);
  });
});
