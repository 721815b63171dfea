/** The commands beside a running app, through the real program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const WEB = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT)`;
let desk: Desk;

beforeAll(async () => {
  desk = Desk.lasting({
    Procfile: `web: node -e "${WEB}"\nworker: sleep 1000\n`,
    '.env': '# kept\nGREETING="two words"\nEMPTY=\n',
  });
  await desk.start();
  await desk.paas('wait', '--timeout', '25');
});
afterAll(() => desk.close());

const out = async (...words: string[]) => (await desk.paas(...words)).stdout;

describe('dynos', () => {
  test('ps lists them by type, with Heroku headings', async () => {
    const text = await out('ps');
    expect(text).toMatch(/^=== web \(Standard-1X\): node .* \(1\)\n\nweb\.1 {2}up {2}\d{4}\//);
    expect(text).toMatch(/=== worker \(Standard-1X\): sleep 1000 \(1\)\n\nworker\.1 {2}up/);
    expect(await out('ps', 'worker')).not.toContain('web.1');
  });

  test('ps --json prints the dynos of the API, and nothing else', async () => {
    const { stdout, stderr } = await desk.paas('ps', '--json');
    const dynos = JSON.parse(stdout) as { name: string; state: string }[];
    expect(dynos.map(({ name, state }) => `${name} ${state}`)).toEqual(['web.1 up', 'worker.1 up']);
    expect(stderr).toBe('');
  });

  test('scale prints what can be given back, and says what runs now', async () => {
    expect(await out('scale')).toBe('web=1:Standard-1X worker=1:Standard-1X\n');
    const { stdout, stderr } = await desk.paas('scale', 'worker+1');
    expect(stdout).toBe('');
    expect(stderr).toBe('Scaling dynos... done, now running worker at 2:Standard-1X\n');
    const formation = (await out('ps:scale')).trim().split(' ');
    expect((await desk.paas('ps', 'scale', ...formation)).exitStatus).toBe(0);
    await desk.paas('scale', 'worker=1');
  });

  test('restart makes new dynos in the same slots', async () => {
    const before = JSON.parse(await out('ps', 'web', '--json'))[0].id;
    const { stderr } = await desk.paas('ps:restart', 'web');
    expect(stderr).toMatch(/^Restarting all web dynos on \S+\.\.\. done\n$/);
    await until(async () => {
      const dynos = JSON.parse(await out('ps', 'web', '--json')) as { id: string; name: string }[];
      return dynos.some(({ id, name }) => name === 'web.1' && id !== before);
    });
  });

  test('wait waits for the new dynos of a restart, and restart --wait too', async () => {
    // With preboot the one that is replaced is listed until it has stopped.
    const id = async () => {
      const dynos = JSON.parse(await out('ps', 'web', '--json')) as {
        id: string;
        stopping: boolean;
      }[];
      return dynos.find(({ stopping }) => !stopping)?.id;
    };
    const first = await id();
    await desk.paas('restart', 'web');
    await desk.paas('wait', 'web', '--ready');
    const second = await id();
    expect(second).not.toBe(first);
    const { stderr, exitStatus } = await desk.paas('restart', 'web.1', '--wait');
    expect([stderr, exitStatus]).toEqual([expect.stringMatching(/done\nweb is up\n$/), 0]);
    expect(await id()).not.toBe(second);
  });

  test('stop stops one, wait --down waits for it, restart starts it again', async () => {
    expect((await desk.paas('stop', 'worker.1')).stderr).toContain('Stopping dyno worker.1');
    expect((await desk.paas('wait', 'worker', '--down')).exitStatus).toBe(0);
    await desk.paas('restart', 'worker');
    expect((await desk.paas('wait', 'worker')).exitStatus).toBe(0);
  });
});

describe('config', () => {
  test('is listed aligned, for a shell, and as JSON', async () => {
    expect(await out('config')).toMatch(/Config Vars\n\nEMPTY:\nGREETING: {2}two words\n$/);
    expect(await out('config', '-s')).toBe("EMPTY=''\nGREETING='two words'\n");
    expect(JSON.parse(await out('config', '-j'))).toEqual({ EMPTY: '', GREETING: 'two words' });
    expect(await out('config:get', 'GREETING')).toBe('two words\n');
    expect(await desk.paas('config', 'get', 'NOPE')).toMatchObject({
      stdout: '\n',
      exitStatus: 0,
    });
  });

  test('set edits .env in place and says which keys changed and the release', async () => {
    const { stdout, stderr } = await desk.paas('config:set', 'GREETING=hello', 'EMPTY=');
    expect(stdout).toBe('GREETING:  hello\nEMPTY:\n');
    expect(stderr).toMatch(/^Setting GREETING and restarting \S+\.\.\. done, v\d+\n$/);
    expect(readFileSync(join(desk.folder, '.env'), 'utf8')).toMatch(/^# kept\nGREETING=.?hello/);
    const again = await desk.paas('config:set', 'GREETING=hello');
    expect(again.stderr).toContain('had that value already: nothing was changed');
  });

  test('--explain says where a value comes from', async () => {
    expect(await out('config', '--explain', 'EMPTY')).toMatch(
      /^EMPTY=''\n {2}from \.env, line 3\n/,
    );
  });

  test('unset removes, rollback brings back', async () => {
    const { stderr } = await desk.paas('config:unset', 'EMPTY');
    expect(stderr).toMatch(/^Unsetting EMPTY and restarting \S+\.\.\. done, v\d+\n$/);
    expect(await out('releases')).toMatch(/Current: v\d+\n\nv\d+ {2}Remove EMPTY config vars/);
    expect((await desk.paas('rollback')).stderr).toMatch(
      /^Rolling back \S+ to v\d+\.\.\. done, v\d+\n/,
    );
    expect(await out('config:get', 'EMPTY', '-s')).toBe("EMPTY=''\n");
    expect(await out('releases', 'info')).toMatch(/Change: {2}Rollback to v\d+/);
  });
});

describe('run', () => {
  test('gives the command our stdin and config, and its exit status to us', async () => {
    const words = ['run', 'cat; echo "$GREETING $DYNO"; exit 3'];
    const ended = await desk.spawn(words, { input: 'in ' }).ended;
    expect(ended.stdout).toMatch(/^in hello run\.\d{4}\n$/);
    expect(ended.exitStatus).toBe(3);
  });

  test.each([
    ['a command that is not there is 127', ['nope-nope'], 127],
    ['a signal is 128 more than its number', ['kill -9 $$'], 137],
    ['flags behind the command are its own', ['test', '-n', '--json'], 0],
    ['--env is for this run', ['-e', 'A=1;B=2', 'test "$A$B" = 12'], 0],
  ])('%s', async (_name, words, exitStatus) => {
    expect((await desk.paas('run', ...words)).exitStatus).toBe(exitStatus);
  });

  test('detached it is named, and ends by itself', async () => {
    const { stdout } = await desk.paas('run:detached', 'true');
    expect(stdout).toMatch(/^run\.\d{4}\n$/);
  });
});

describe('the router', () => {
  test('domains, maintenance and features are switched', async () => {
    expect((await desk.paas('domains:add', 'api.test.localhost')).exitStatus).toBe(0);
    expect(await out('domains')).toMatch(/^api\.test\.localhost +custom$/m);
    expect((await desk.paas('domains:remove', 'api.test.localhost')).exitStatus).toBe(0);
    expect((await desk.paas('domains:add', '*.test.localhost')).exitStatus).toBe(0);
    expect((await desk.paas('domains:add', 'no host')).stderr).toContain('is no hostname');
    expect((await desk.paas('maintenance:on')).exitStatus).toBe(0);
    expect(await out('maintenance')).toBe('on\n');
    expect((await desk.paas('maintenance', 'off')).exitStatus).toBe(0);
    expect((await desk.paas('features:enable', 'http-session-affinity')).exitStatus).toBe(0);
    expect(await out('features')).toContain('[+]  http-session-affinity');
  });

  test('info and apps print something for people and for programs', async () => {
    for (const command of ['info', 'apps']) {
      const { stdout, exitStatus } = await desk.paas(command);
      expect([command, exitStatus, stdout !== '']).toEqual([command, 0, true]);
      JSON.parse(await out(command, '--json'));
    }
  });
});
