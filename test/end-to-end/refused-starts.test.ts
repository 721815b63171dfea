/** A start that cannot be gets one clear sentence and the right exit status, and leaves nothing. */
import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Desk } from '../support/paas.js';

const SLEEPER = { Procfile: 'worker: sleep 1000\n' };

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
    ['with a mistyped flag', SLEEPER, ['--wacth'], 2, /^Error: .*Did you mean --watch\?\n$/],
    ['for a file', SLEEPER, ['-d', 'Procfile'], 1, /^Error: There is no folder \S+Procfile\. /],
    [
      'with a limit that there is not',
      SLEEPER,
      ['--limit', 'nope=1'],
      2,
      /^Error: The router has no limit nope\. /,
    ],
    [
      'on an address of another machine',
      SLEEPER,
      ['--host', '192.0.2.1', '-p', '0'],
      2,
      /^Warning: [^\n]+\nError: 192\.0\.2\.1 is no address of this machine\. /,
    ],
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
    expect(stderr.match(/^Error: /gm)).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitStatus).toBe(status);
    expect(desk.registered).toEqual([]);
  });

  test('on a port that another program has', async () => {
    const desk = Desk.with(SLEEPER);
    const port = await heldPort();
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', String(port));
    expect(stderr).toBe(
      `Error: Port ${port} (-p) is taken by another program. Choose another with -p, or end that program.\n`,
    );
    expect(exitStatus).toBe(1);
    expect(desk.registered).toEqual([]);
  });

  test('on a port that the router of another app has, which is named', async () => {
    const desk = Desk.with({ ...SLEEPER, 'other/Procfile': 'worker: sleep 1000\n' });
    const { port } = await desk.start();
    const { stderr } = await desk.paas('local', 'start', '-d', 'other', '-p', String(port));
    expect(stderr).toMatch(
      /^Error: Port \d+ \(-p\) is taken by the router of paas-test-\S+\. .* `paas local stop -a \S+`\.$/m,
    );
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
    expect(desk.registered).toEqual([]);
  });

  test('with a registry that others can enter', async () => {
    const desk = Desk.with(SLEEPER);
    chmodSync(desk.environment['PAAS_RUNTIME_DIR'] ?? '', 0o755);
    const { exitStatus, stderr } = await desk.paas('local', 'start', '-p', '0');
    expect(stderr).toMatch(/is not yours alone/);
    expect(exitStatus).toBe(1);
  });
});
