/** `paas run`: whatever happens to the command line or the platform, nothing of a one-off goes on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const FILES = { Procfile: 'worker: exec sleep 1000\n' };

/** Starts the platform and, in a one-off dyno, something that says its pid and goes on. */
async function started(command: string, ...words: string[]) {
  const desk = Desk.with(FILES);
  const { running } = await desk.start(...words);
  const oneOff = desk.spawn(['run', `${command}; echo "pid is $$"; sleep 1000; true`]);
  const [, pid = ''] = await oneOff.says(/pid is (\d+)/);
  return { desk, running, oneOff, pid: Number(pid) };
}

/** A zombie is not. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}

describe.runIf(process.platform === 'linux')('a one-off dyno', () => {
  test('is hung up when its command line is killed', async () => {
    const { desk, running, oneOff, pid } = await started('true');
    oneOff.signal('SIGKILL');
    await running.says(/run\.\d+\s+\| Client connection closed. Sending SIGHUP to all processes/);
    await running.says(/run\.\d+\s+\| State changed from up to complete/);
    expect(isAlive(pid)).toBe(false);
    expect(await desk.json<{ type: string }[]>('ps')).toMatchObject([{ type: 'worker' }]);
  });

  test('is R16 when its terminal is gone and it ignores that, and then it is killed', async () => {
    const { running, oneOff, pid } = await started(`trap '' HUP`, '--timeout', '1');
    oneOff.signal('SIGHUP');
    await running.says(/run\.\d+\s+\| Error R16 \(Detached\)/);
    await running.says(/run\.\d+\s+\| Process exited with status 137/);
    expect(isAlive(pid)).toBe(false);
  });

  test('does not survive the platform', async () => {
    const { running, pid } = await started(`trap '' HUP TERM`);
    running.signal('SIGKILL');
    await until(() => !isAlive(pid));
  });

  test('is stopped by its name', async () => {
    const { desk, oneOff, pid } = await started('true');
    const [dyno] = (await desk.json<{ name: string }[]>('ps')).filter(({ name }) =>
      name.startsWith('run.'),
    );
    await desk.paas('stop', dyno?.name ?? '');
    expect(isAlive(pid)).toBe(false);
    expect((await oneOff.ended).exitStatus).not.toBe(0);
  });

  test('has its own copy of the app under --isolate, gone with it', async () => {
    const desk = Desk.with(FILES);
    await desk.start('--isolate');
    const { stdout } = await desk.paas('run', 'echo mine > mine; ls');
    expect(stdout).toBe('Procfile\nmine\n');
    expect(existsSync(join(desk.folder, 'mine'))).toBe(false);
    const [run = ''] = readdirSync(join(desk.folder, '.paas', 'dynos'));
    expect(readdirSync(join(desk.folder, '.paas', 'dynos', run))).toHaveLength(1);
  });
});
