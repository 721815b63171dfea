/** What goes wrong gets one clear sentence, the right exit status, and nothing is left running. */
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BINARY, Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const SLEEPER = { Procfile: 'worker: sleep 1000\n' };

/** Records and sockets in the registry: none when nothing runs. */
const registered = (desk: Desk): string[] =>
  readdirSync(desk.environment['PAAS_RUNTIME_DIR'] ?? '');

async function heldPort(): Promise<number> {
  const server = await new Promise<Server>((resolve) => {
    const listening = createServer().listen({ port: 0, host: '127.0.0.1' }, () =>
      resolve(listening),
    );
  });
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe('a start is refused', () => {
  test.each<
    [what: string, files: Record<string, string>, words: string[], status: number, sentence: RegExp]
  >([
    [
      'without a Procfile',
      {},
      [],
      1,
      /^Error: There is no Procfile in \S+\. Write one with a line such as "web: node server\.js"/,
    ],
    [
      'with a bad Procfile',
      { Procfile: 'web node x\n' },
      [],
      1,
      /^Error: Procfile:1: "web node x" has no colon\. /,
    ],
    [
      'with an open quote in .env',
      { ...SLEEPER, '.env': 'A=1\nB="x\n' },
      [],
      1,
      /^Error: \.env:2: the value of B opens with " and is never closed\. Close the quote\./,
    ],
    [
      'with a broken app.json',
      { ...SLEEPER, 'app.json': '{' },
      [],
      1,
      /^Error: app\.json: it is not JSON: /,
    ],
    [
      'for a type that there is not',
      SLEEPER,
      ['nope'],
      1,
      /^Error: Couldn't find the process type nope\. The Procfile has worker\./,
    ],
    [
      'for a formation that cannot be read',
      SLEEPER,
      ['-m', 'worker'],
      2,
      /^Error: Can't read "worker" in the formation\. /,
    ],
    [
      'for a folder that there is not',
      SLEEPER,
      ['-d', 'gone'],
      1,
      /^Error: There is no folder \S+gone\. /,
    ],
    [
      'for an env file that there is not',
      SLEEPER,
      ['-e', 'gone.env'],
      1,
      /^Error: There is no env file gone\.env\. /,
    ],
    ['with an unknown flag', SLEEPER, ['--nope'], 2, /^Error: There is no flag --nope here\. /],
    [
      'with a PORT that is none',
      { ...SLEEPER, '.env': 'PORT=x\n' },
      [],
      2,
      /^Error: PORT in \.env is "x"\. /,
    ],
    [
      'with a state that cannot be read',
      { ...SLEEPER, '.paas/state.json': '{' },
      ['-p', '0'],
      1,
      /^Error: Can't read \S+state\.json: .*Move it away/,
    ],
  ])('%s', async (_, files, words, status, sentence) => {
    const desk = Desk.with(files);
    const { exitStatus, stderr, stdout } = await desk.paas('local', 'start', ...words);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitStatus).toBe(status);
    expect(registered(desk)).toEqual([]);
  });

  test('on a port that another program has', async () => {
    const desk = Desk.with(SLEEPER);
    const port = await heldPort();
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', String(port));
    expect(stderr).toBe(
      `Error: Port ${port} (-p) is taken by another program. Choose another with -p, or end that program.\n`,
    );
    expect(exitStatus).toBe(1);
    expect(registered(desk)).toEqual([]);
  });

  test('a second time in the same folder, and the first goes on', async () => {
    const desk = Desk.with(SLEEPER);
    const first = await desk.start();
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', '0');
    expect(stderr).toMatch(/^Error: \S+ is already running as \S+ at http:\S+ \(pid \d+\)\. /);
    expect(exitStatus).toBe(1);
    expect(first.running.child.exitCode).toBeNull();
    expect((await desk.paas('ps')).exitStatus).toBe(0);
  });

  test.runIf(process.getuid?.() !== 0)('in a folder that cannot be written', async () => {
    const desk = Desk.with(SLEEPER);
    chmodSync(desk.folder, 0o500);
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', '0');
    chmodSync(desk.folder, 0o700);
    expect(stderr).toMatch(/^Error: Can't write to \S+\.paas \(EACCES\)/);
    expect(exitStatus).toBe(1);
  });

  test('where its own folder cannot be made', async () => {
    const desk = Desk.with({ ...SLEEPER, '.paas': 'a file in the way' });
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', '0');
    expect(stderr).toMatch(
      /^Error: Can't write to \S+\.paas \(E\w+\), where paas keeps scale and releases\. /,
    );
    expect(exitStatus).toBe(1);
    expect(registered(desk)).toEqual([]);
  });

  test('with a registry that others can enter', async () => {
    const desk = Desk.with(SLEEPER);
    chmodSync(desk.environment['PAAS_RUNTIME_DIR'] ?? '', 0o755);
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', '0');
    expect(stderr).toMatch(/is not yours alone/);
    expect(exitStatus).toBe(1);
  });
});

describe('a start goes through', () => {
  test('past the record of a process that is gone', async () => {
    const desk = Desk.with(SLEEPER);
    const first = await desk.start();
    first.running.signal('SIGKILL');
    await first.running.ended;
    const second = await desk.start();
    expect((await desk.json<unknown[]>('apps')).length).toBe(1);
    expect((await second.running.end()).exitStatus).toBe(0);
    expect(registered(desk)).toEqual([]);
  });

  test('with a command that does not exist, which is told with its status', async () => {
    const desk = Desk.with({ Procfile: 'worker: no-such-command\n' });
    const platform = await desk.start();
    await platform.running.says(/worker\.1\s+\| .*no-such-command: (command )?not found/);
    await platform.running.says(/worker\.1\s+\| Process exited with status 127/);
    await platform.running.says(/worker\.1\s+\| State changed from \w+ to crashed/);
  });

  test('and --exit-on-crash ends it all with the status of the dyno', async () => {
    const desk = Desk.with({ Procfile: 'worker: sleep 1000\nfails: sleep 0.2; exit 3\n' });
    const start = desk.spawn(['local', 'start', '-p', '0', '--exit-on-crash']);
    expect((await start.ended).exitStatus).toBe(3);
  });
});

describe('a command beside it is refused', () => {
  test.each<[words: string[], status: number, sentence: RegExp]>([
    [
      ['scale', 'nope=2'],
      1,
      /^Error: Couldn't find the process type nope\. The Procfile has worker\./,
    ],
    [['scale', 'worker=-1'], 2, /^Error: Can't scale to a negative number: "worker=-1"\. /],
    [['scale', 'worker=101'], 2, /^Error: That makes 101 dynos; an app has at most 100\./],
    [['restart', 'nope'], 1, /^Error: .*nope/],
    [['rollback', 'v9'], 1, /^Error: Couldn't find the release v9\. /],
    [['config:set', '1A=x'], 2, /^Error: .*1A/],
    [['ps', '--nope'], 2, /^Error: There is no flag --nope here\. /],
    [['ps', '-a', 'nope'], 1, /^Error: Couldn't find the app nope\. /],
  ])('paas %j', async (words, status, sentence) => {
    const desk = Desk.with(SLEEPER);
    await desk.start();
    const { exitStatus, stderr, stdout } = await desk.paas(...words);
    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
    expect(exitStatus).toBe(status);
  });

  test('where nothing runs, with how to start it', async () => {
    const desk = Desk.with(SLEEPER);
    const { exitStatus, stderr } = await desk.paas('ps');
    expect(stderr).toMatch(/^Error: No app is running in \S+\. Start it with `paas local start`\./);
    expect(exitStatus).toBe(1);
  });
});

test('--detach runs it in the background, and local stop ends it', async () => {
  const desk = Desk.with(SLEEPER);
  const started = await desk.paas('local', 'start', '-p', '0', '--detach');
  expect(started.stderr + started.stdout).toMatch(/ runs at http:\/\/\S+ \(pid \d+\)/);
  await until(async () => (await desk.json<{ state: string }[]>('ps'))[0]?.state === 'up');
  const refused = await desk.paas('local', 'start', '-D', '-p', '0');
  expect(refused.stderr).toMatch(/^Error: \S+ is already running/);
  expect((await desk.paas('local', 'stop')).exitStatus).toBe(0);
  expect(registered(desk)).toEqual([]);
});

test('a full disk is told, and what ran runs on', async () => {
  const desk = Desk.with({ ...SLEEPER, '.env': 'A=1\n' });
  const platform = await desk.start();
  // A folder in the place of the file that would be written beside: no write can go through.
  mkdirSync(join(desk.folder, '.paas', `state.json.${platform.running.child.pid}`));
  const { exitStatus, stderr } = await desk.paas('scale', 'worker=2');
  expect(stderr).toMatch(/^Error: Can't write to \S+\.paas/);
  expect(exitStatus).toBe(1);
  expect(readFileSync(join(desk.folder, '.paas/state.json'), 'utf8')).not.toContain(
    '"quantity": 2',
  );
  const set = await desk.paas('config:set', 'A=2', 'B=3');
  expect(set.stderr).toMatch(/^Error: Can't write to \S+\.paas/);
  expect(readFileSync(join(desk.folder, '.env'), 'utf8')).toBe('A=1\n');
  expect(await desk.json('config')).toEqual({ A: '1' });
  expect((await desk.json<{ name: string }[]>('ps')).map(({ name }) => name)).toEqual(['worker.1']);
});

test('where .env has no room to grow it keeps every byte', async () => {
  const env = `# mine\nA="${'x'.repeat(900)}"\n`;
  const desk = Desk.with({ ...SLEEPER, '.env': env });
  // The system lets it write files of 4 KB, or of 8 KB where a block is 1 KB.
  const starting = `ulimit -f 8; exec "${process.execPath}" "${BINARY}" local start -p 0`;
  const running = desk.spawn(['-c', starting], { program: '/bin/sh' });
  await running.says(/Listening at/);
  const { exitStatus, stderr } = await desk.paas('config:set', `B=${'y'.repeat(30_000)}`);
  expect(stderr).toMatch(/^Error: Can't write \.env \(EFBIG\), so nothing was changed\. /);
  expect(exitStatus).toBe(1);
  expect(readFileSync(join(desk.folder, '.env'), 'utf8')).toBe(env);
});
