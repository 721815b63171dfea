/** How the real program ends: status, streams, colours; with hostile words too. */
import { describe, expect, test } from 'vitest';
import { BINARY, Desk, type Ended } from '../support/paas.js';

/** In a folder where no app runs, with an empty registry, and nothing said about colours. */
function alone(words: readonly string[], environment = {}): Promise<Ended> {
  const desk = Desk.with();
  delete desk.environment['NO_COLOR'];
  Object.assign(desk.environment, environment);
  return desk.paas(...words);
}

describe('the exit status', () => {
  test.each([
    ['--version', 0, /^paas\/\d+\.\d+\.\d+ \S+ node-v\d+/],
    ['--help', 0, /Usage/],
    ['ps --help', 0, /USAGE/],
    ['apps', 0, /^$/],
    ['apps --json', 0, /^\[\]\n$/],
  ])('paas %s: %d, with data on stdout', async (line, exitStatus, stdout) => {
    const ended = await alone(line.split(' '));
    expect(ended.stdout).toMatch(stdout);
    expect(ended.exitStatus).toBe(exitStatus);
  });

  test.each([
    ['ps', 1, 'No app is running in'],
    ['ps -a nope', 1, "Couldn't find the app nope"],
    ['wait --timeout 0', 1, 'Waited 0 s in vain'],
    ['wait --down', 0, 'the app is down'],
    ['frobnicate', 2, 'There is no command "frobnicate"'],
    ['ps --frob', 2, 'There is no flag --frob here. `--help` shows how it is used.'],
    ['ps web.1 web.2', 2, 'Didn\'t expect "web.2"'],
    ['ps -a', 2, '--app'],
    ['scale web=-1', 2, "Can't scale to a negative number"],
    ['scale web', 2, 'Can\'t read "web"'],
    ['config:set', 2, 'Say what to set'],
    ['config:set A', 2, 'Can\'t read "A"'],
    ['releases -n x', 2, 'integer'],
    ['releases -n 0', 2, '1'],
    ['rollback nope', 2, '"nope" is no release'],
    ['run', 2, 'Say what to run'],
    ['stop', 2, 'Say what to stop'],
    ['domains:add', 2, 'hostname'],
    ['wait --ready --down', 2, '--down'],
  ])('paas %s: %d, with one sentence on stderr', async (line, exitStatus, sentence) => {
    const ended = await alone(line.split(' '));
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended).toMatchObject({ stdout: '', exitStatus });
  });

  test.each([
    [['ps', '-a', '../../etc/passwd']],
    [['ps', '-a', '']],
    [['ps', '-a', 'x\r\nHost: evil']],
    [['constructor']],
    [['__proto__:toString']],
    [['\u001b[31m', 'ps']],
    [['scale', 'web=99999999999999999999:$(id)']],
    [['config:get', '\u0000'.replace('\0', '%00'), '../x']],
    [['features:enable', 'a/../../b?c=d#e']],
    [['ps', 'x'.repeat(50_000)]],
  ])('hostile words %j end with a sentence and no stack', async (words) => {
    const ended = await alone(words);
    expect([1, 2]).toContain(ended.exitStatus);
    expect(ended.stderr).toMatch(/^Error: /);
    expect(ended.stderr).not.toMatch(/\n\s+at |a defect of paas/);
  });
});

describe('the streams', () => {
  test('--json tells errors as JSON on stdout too', async () => {
    const { stdout, stderr } = await alone(['ps', '--json']);
    expect(JSON.parse(stdout).error).toMatchObject({ id: 'not_found' });
    expect(stderr).toContain('No app is running');
  });

  test('a stack trace is shown only where DEBUG asks for it', async () => {
    expect((await alone(['ps'])).stderr).not.toContain('    at ');
    expect((await alone(['ps'], { DEBUG: 'paas*' })).stderr).toContain('    at ');
  });

  test('colour is off in a pipe, on with FORCE_COLOR, off with --no-color', async () => {
    expect((await alone(['ps'])).stderr).not.toContain('\x1b[');
    expect((await alone(['ps'], { FORCE_COLOR: '1' })).stderr).toContain('\x1b[31mError:');
    expect((await alone(['ps', '--no-color'], { FORCE_COLOR: '1' })).stderr).not.toContain('\x1b[');
  });

  test.skipIf(process.platform === 'win32')('a reader that leaves is no error', async () => {
    const desk = Desk.with({ 'help.sh': `"${process.execPath}" "${BINARY}" --help | true` });
    const shell = desk.spawn(['help.sh'], { program: 'sh' });
    const { stderr } = await shell.ended;
    expect(stderr).toBe('');
  });
});
