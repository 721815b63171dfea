/** Who is connected to a platform when it ends is sent away, and holds nothing up. */
import { expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('Ctrl-C ends a platform with a log session and a one-off dyno attached', async () => {
  const desk = Desk.with({ Procfile: 'worker: echo working; sleep 1000\n' });
  const platform = await desk.start();
  const tail = desk.spawn(['logs', '--tail']);
  await tail.says(/working/);
  const run = desk.spawn(['run', 'echo $$; exec sleep 1000']);
  const [, pid] = await run.says(/^(\d+)$/m);

  platform.running.signal('SIGINT');
  const { exitStatus, stdout } = await platform.running.ended;
  expect(exitStatus).toBe(0);
  expect(stdout).toMatch(/run\.\d{4}\s+\| Process exited with status 129/);

  expect((await run.ended).exitStatus).toBe(129);
  expect(isAlive(Number(pid))).toBe(false);
  // What was said last has come, and the stream ended as a whole one does.
  await tail.says(/worker\.1\]: Process exited with status 143/);
  await until(() => tail.stderr.includes('The app has ended.'));
});

test('a one-off dyno that ignores the hang-up does not hold the platform up', async () => {
  const desk = Desk.with({ Procfile: 'worker: sleep 1000\n' });
  const platform = await desk.start('-t', '1');
  const run = desk.spawn(['run', 'node', '-e', IGNORES_HANG_UP]);
  const [, pid] = await run.says(/^(\d+)$/m);
  platform.running.signal('SIGINT');
  expect((await platform.running.ended).exitStatus).toBe(0);
  expect(isAlive(Number(pid))).toBe(true);
  process.kill(Number(pid), 'SIGKILL');
  await run.ended;
});

const IGNORES_HANG_UP = `process.on('SIGHUP', () => {}); console.log(process.pid); setInterval(() => {}, 1e6)`;
