/** What goes wrong gets one clear sentence, the right exit status, and nothing is left running. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BINARY, Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const SLEEPER = { Procfile: 'worker: sleep 1000\n' };

describe('a start goes through', () => {
  test('past the record of a process that is gone', async () => {
    const desk = Desk.with(SLEEPER);
    const first = await desk.start();
    first.running.signal('SIGKILL');
    await first.running.ended;
    const second = await desk.start();
    expect((await desk.json<unknown[]>('apps')).length).toBe(1);
    expect((await second.running.end()).exitStatus).toBe(0);
    expect(desk.registered).toEqual([]);
  });

  test('with a command that does not exist, which is told with its status', async () => {
    const desk = Desk.with({ Procfile: 'worker: no-such-command\n' });
    const platform = await desk.start();
    await platform.running.says(/worker\.1\s+\| .*no-such-command: (command )?not found/);
    await platform.running.says(/worker\.1\s+\| Process exited with status 127/);
    await platform.running.says(/worker\.1\s+\| State changed from \w+ to crashed/);
  });

  test('with every type at 0, and says how to start one', async () => {
    const desk = Desk.with(SLEEPER);
    const platform = await desk.start('-x', 'worker');
    await platform.running.says(
      /api\s+\| No dyno runs: every process type is at 0\. Start one with `paas scale worker=1`\./,
    );
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

test('detach in .foreman is one start in the background, whatever else is asked', async () => {
  const desk = Desk.with({ Procfile: 'worker: exec sleep 1000\n', '.foreman': 'detach: true\n' });
  const started = await desk.paas('local', 'start', '-p', '0', '--format', 'json');
  expect(started).toMatchObject({ exitStatus: 0, stdout: expect.stringContaining(' runs at ') });
  expect((await desk.paas('local', 'stop')).exitStatus).toBe(0);
});

test('--detach runs it in the background, and local stop ends it', async () => {
  const desk = Desk.with(SLEEPER);
  const started = await desk.paas('local', 'start', '-p', '0', '--detach');
  expect(started.stderr + started.stdout).toMatch(/ runs at http:\/\/\S+ \(pid \d+\)/);
  await until(async () => (await desk.json<{ state: string }[]>('ps'))[0]?.state === 'up');
  const refused = await desk.paas('local', 'start', '-D', '-p', '0');
  expect(refused.stderr).toMatch(/^Error: \S+ is already running/);
  expect((await desk.paas('local', 'stop')).exitStatus).toBe(0);
  expect(desk.registered).toEqual([]);
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

test.runIf(existsSync('/dev/full'))(
  'stdout on a full disk: told, and the app runs on',
  async () => {
    const desk = Desk.with(SLEEPER);
    const line = `exec "${process.execPath}" "${BINARY}" local start -p 0 > /dev/full`;
    const running = desk.spawn(['-c', line], { program: '/bin/sh' });
    await until(() =>
      running.stderr.includes("Can't write the log to where stdout leads (ENOSPC)."),
    );
    expect((await desk.paas('wait')).exitStatus).toBe(0);
    const help = `"${process.execPath}" "${BINARY}" help > /dev/full`;
    const { stderr, exitStatus } = await desk.spawn(['-c', help], { program: '/bin/sh' }).ended;
    expect(stderr).toBe("Error: Can't write the output (ENOSPC). Send it elsewhere.\n");
    expect(exitStatus).toBe(1);
    running.signal('SIGINT');
    expect((await running.ended).exitStatus).toBe(0);
  },
);

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
