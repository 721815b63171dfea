import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Guard } from '../../../../src/runtime/engine/local/guard.js';

describe.runIf(process.platform !== 'win32')('the guard', () => {
  it('ends without a word when it is dismissed, and leaves the groups alone', async () => {
    const guard = new Guard(randomUUID());
    guard.watch();
    const pid = guard.pid as number;
    const child = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' });
    guard.add(child.pid as number);
    guard.dismiss();
    await until(() => !isAlive(pid));
    expect(isAlive(child.pid as number)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('does not mind %s', async (signal) => {
    const guard = new Guard(randomUUID());
    guard.watch();
    const pid = guard.pid as number;
    await until(() => ignoresSignals(pid));
    process.kill(pid, signal);
    guard.add(1_000_000);
    expect(guard.pid).toBe(pid);
    guard.dismiss();
    await until(() => !isAlive(pid));
  });

  it('is replaced when it is killed', async () => {
    const guard = new Guard(randomUUID());
    guard.watch();
    const first = guard.pid as number;
    process.kill(first, 'SIGKILL');
    await until(() => guard.pid !== undefined && guard.pid !== first);
    const second = guard.pid as number;
    guard.dismiss();
    await until(() => !isAlive(second));
  });
});

/** The shell sets its traps a moment after its start. */
function ignoresSignals(pid: number): boolean {
  if (process.platform !== 'linux') return true;
  const ignored = /^SigIgn:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number.parseInt(ignored ?? '0', 16) & (1 << 14)) !== 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
