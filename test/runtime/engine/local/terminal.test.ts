import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Attachment } from '../../../../src/runtime/engine/local/terminal.js';
import { manifest, startEngine, states } from './recorder.js';

/** Resolves when the terminal has shown this text. */
function shows(attachment: Attachment, text: string): Promise<void> {
  let seen = '';
  return new Promise((resolve) => {
    attachment.on('data', (chunk) => {
      seen += chunk;
      if (seen.includes(text)) resolve();
    });
  });
}

const SHELL = { command: 'test -t 0 && echo on a terminal; exec sh -i', tty: true };

/** The package brings its own binary, and not for every system. */
const canLoad = await import('@lydell/node-pty').then(
  () => true,
  () => false,
);

/** As `--isolate` needs them. */
const canSandbox =
  existsSync('/bin/dash') &&
  spawnSync('bwrap', ['--unshare-pid', '--ro-bind', '/', '/', '/bin/true']).status === 0;

it.runIf(canLoad)('a terminal that cannot be had is a dyno that cannot be started', async () => {
  const { engine } = await startEngine();
  // As when the system has no terminals or files left: the package throws.
  const terminal = { columns: '80' as never, rows: 24 };
  const wish = {
    manifest: manifest({}),
    type: 'run',
    command: 'true',
    size: 'Standard-1X',
    terminal,
  };
  await expect(engine.run(wish)).rejects.toMatchObject({ id: 'unavailable' });
  expect(engine.dynos()).toEqual([]);
});

it.runIf(canLoad)('a dyno that has ended has no terminal to type into', async () => {
  const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
  await engine.apply(manifest({ console: { command: 'exit 3', tty: true } }));
  await recorder.until(() => states(engine.dynos()).join() === 'console.1 crashed');
  expect(() => engine.attach('app', 'console.1')).toThrow('has no terminal');
});

describe.runIf(canLoad && canSandbox)('a dyno on a terminal in a sandbox', () => {
  it('has Ctrl-C for its programs, and its exit status is told', async () => {
    const { engine, recorder } = await startEngine({
      ...{ grace: 300, isolation: 'sandbox', restartPolicy: 'never' },
    });
    await engine.apply(manifest({ console: SHELL }));
    await recorder.untilLine('app[console.1]: on a terminal');
    const attachment = engine.attach('app', 'console.1');
    const [waits, after] = [shows(attachment, 'waits 42'), shows(attachment, 'status 130')];
    // Said by the program itself: a shell that forks just then would keep the Ctrl-C for itself.
    attachment.write("sh -c 'echo waits $((6 * 7)); exec sleep 1000'\r");
    await waits;
    attachment.write('\x03');
    attachment.write('echo status $?\r');
    await after;
    attachment.write('exit 7\r');
    await recorder.untilLine('heroku[console.1]: Process exited with status 7');
  });
});

describe.runIf(canLoad)('a dyno on a terminal', () => {
  it('has its output in the log, as whole lines', async () => {
    const { engine, recorder } = await startEngine({ grace: 300 });
    await engine.apply(manifest({ console: SHELL }));
    await recorder.untilLine('app[console.1]: on a terminal');
    expect(states(engine.dynos())).toEqual(['console.1 up']);
  });

  it('can be typed into, by two at once, and does not mind when they leave', async () => {
    const { engine, recorder } = await startEngine({ grace: 300 });
    await engine.apply(manifest({ console: SHELL }));
    await recorder.untilLine('app[console.1]: on a terminal');
    const [one, two] = [engine.attach('app', 'console.1'), engine.attach('app', 'console.1')];
    const both = [shows(one, 'sum 42'), shows(two, 'sum 42')];
    one.write('echo sum $((6 * 7))\r');
    await Promise.all(both);
    one.destroy();
    two.resizeWindow({ columns: 99, rows: 33 });
    const sized = shows(two, '33 99');
    two.write('stty size\r');
    await sized;
    two.destroy();
    await recorder.untilLine('33 99');
    expect(states(engine.dynos())).toEqual(['console.1 up']);
  });

  it('shows a newcomer what was there before', async () => {
    const { engine, recorder } = await startEngine({ grace: 300 });
    await engine.apply(manifest({ console: SHELL }));
    await recorder.untilLine('app[console.1]: on a terminal');
    const attachment = engine.attach('app', 'console.1');
    await shows(attachment, 'on a terminal');
    attachment.destroy();
  });

  it('ends the look when the dyno ends, and has its exit status', async () => {
    const { engine } = await startEngine({ grace: 300 });
    const run = await engine.run({
      manifest: manifest({}),
      type: 'run',
      command: 'stty size; read line; exit 7',
      size: 'Standard-1X',
      terminal: { columns: 81, rows: 21 },
    });
    const attachment = engine.attach('app', run.dyno.name);
    const ended = new Promise((resolve) => attachment.once('end', resolve));
    await shows(attachment, '21 81');
    attachment.write('go\r');
    expect(await run.ended).toBe(7);
    await ended;
  });

  it('is hung up when it is a one-off: a shell ignores SIGTERM', async () => {
    const { engine, recorder } = await startEngine({ grace: 1_000_000 });
    const terminal = { columns: 80, rows: 24 };
    const oneOff = { manifest: manifest({}), type: 'run', size: 'x', terminal };
    await engine.run({ ...oneOff, command: 'echo now; exec sh -i' });
    await recorder.untilLine(']: now');
    await engine.close();
    expect(engine.dynos()).toEqual([]);
  });

  it('is stopped like any other, its background jobs too', async () => {
    const { engine, recorder } = await startEngine({ grace: 300 });
    await engine.apply(
      manifest({ console: { ...SHELL, command: `sleep 1000 & ${SHELL.command}` } }),
    );
    await recorder.untilLine('app[console.1]: on a terminal');
    await engine.close();
    expect(engine.dynos()).toEqual([]);
  });

  it('is refused to those who ask for the terminal of another one', async () => {
    const { engine } = await startEngine({ grace: 300 });
    await engine.apply(manifest({ worker: 'exec sleep 100' }));
    expect(() => engine.attach('app', 'worker.1')).toThrow('has no terminal to attach to');
    expect(() => engine.attach('app', 'worker.2')).toThrow("Couldn't find that dyno");
  });
});
