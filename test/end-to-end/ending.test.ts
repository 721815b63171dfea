/** Who is connected to a platform when it ends is sent away, and holds nothing up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BINARY, Desk } from '../support/paas.js';
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

test('where nobody reads the log any more the dynos are stopped in good order', async () => {
  const worker = `trap 'sleep 0.7; echo bye > ended; exit 0' TERM; while :; do echo x; sleep 0.1; done`;
  const desk = Desk.with({ Procfile: `worker: ${worker}\n` });
  const line = `"${process.execPath}" "${BINARY}" local start -p 0 | head -1; echo "\${PIPESTATUS[0]}"`;
  const { stdout } = await desk.spawn(['-c', line], { program: 'bash' }).ended;
  expect(stdout.trim().split('\n').at(-1)).toBe('129');
  // More than the guard would have given it.
  expect(readFileSync(join(desk.folder, 'ended'), 'utf8')).toBe('bye\n');
  expect((await desk.paas('logs', '-n', '1')).stdout).toContain('State changed from up to down');
});

const IGNORES_HANG_UP = `process.on('SIGHUP', () => {}); console.log(process.pid); setInterval(() => {}, 1e6)`;
