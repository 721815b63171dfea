import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { manifest, startEngine, states } from './recorder.js';

const R12 =
  /^Error R12 \(Exit timeout\) -> At least one process failed to exit within 0\.3 seconds of SIGTERM$/;

describe('stopping a dyno', () => {
  it.each([
    ['ignores SIGTERM', 'sh ignores-term.sh'],
    ['leaves a child that ignores SIGTERM', 'sh leader-exits.sh'],
  ])('that %s: R12 after the grace, with the name of who held it up', async (_name, command) => {
    const { engine, recorder } = await startEngine({ grace: 300 });
    await engine.apply(manifest({ worker: command }));
    await recorder.untilLine('app[worker.1]: ready');
    const [dyno] = engine.dynos();
    await engine.stop('app', { type: 'worker' });
    const told = recorder.about('worker.1');
    expect(told.find((line) => R12.test(line))).toBeDefined();
    expect(told.find((line) => line.startsWith('Still running: '))).toContain('sh ');
    expect(told).toContain('Stopping remaining processes with SIGKILL');
    expect(told.at(-1)).toBe('State changed from up to down');
    expect(recorder.changes.at(-1)?.status).toMatchObject({ state: 'down', reason: 'R12' });
    expect(groupLives(dyno?.pid ?? 0)).toBe(false);
  });

  it('finds a child that left the group', async () => {
    const { engine, recorder } = await startEngine({ grace: 100_000 });
    await engine.apply(manifest({ worker: 'setsid sh -c "echo pid $$; exec sleep 1000" & wait' }));
    await recorder.untilLine('app[worker.1]: pid');
    const pid = Number(recorder.lines.find((line) => line.includes(': pid '))?.split('pid ')[1]);
    await engine.close();
    expect(groupLives(pid)).toBe(false);
  });

  it('has no patience any more after the signal', async () => {
    const { engine, recorder } = await startEngine({ grace: 1_000_000 });
    await engine.apply(manifest({ worker: 'exec sh ignores-term.sh' }));
    await recorder.untilLine('app[worker.1]: ready');
    const now = new AbortController();
    const closed = engine.close(now.signal);
    await recorder.untilLine('Stopping all processes with SIGTERM');
    now.abort();
    await closed;
    expect(recorder.about('worker.1').slice(2)).toEqual([
      'Stopping all processes with SIGTERM',
      'Stopping remaining processes with SIGKILL',
      'Process exited with status 137',
      'State changed from up to down',
    ]);
  });

  it('ends a dyno that is still starting, and one that waits for its next try', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: 'exec sleep 1000', worker: 'exit 1' }));
    await recorder.untilLine('Crashed in the same way again');
    await engine.close();
    expect(engine.dynos()).toEqual([]);
    expect(recorder.about('web.1').at(-1)).toBe('State changed from starting to down');
    expect(recorder.about('worker.1').at(-1)).toBe('State changed from crashed to down');
  });

  it('starts nothing any more that was asked for while it closes', async () => {
    const { engine } = await startEngine();
    const wish = (quantity: number) =>
      manifest({ worker: { command: 'exec sleep 1000', quantity } });
    const oneOff = { manifest: wish(0), type: 'run', command: 'exec sleep 1000', size: 'x' };
    const asked = [engine.apply(wish(2)), engine.apply(wish(4)), engine.run(oneOff)];
    const outcomes = Promise.allSettled(asked);
    await engine.close();
    const failed = (await outcomes).filter((outcome) => outcome.status === 'rejected');
    expect(failed.map((outcome) => outcome.reason.id)).toEqual(failed.map(() => 'unavailable'));
    expect(failed.length).toBeGreaterThan(0);
    expect(engine.dynos()).toEqual([]);
  });

  it('tells of a server that became a daemon, and stops it', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    await engine.apply(manifest({ worker: 'sh daemon.sh' }));
    await recorder.untilLine('A server has to run in the foreground');
    const told = recorder.about('worker.1').at(-1) ?? '';
    const pid = Number(/now: (\d+) sleep 1000/.exec(told)?.[1]);
    await recorder.until(() => states(engine.dynos()).join() === 'worker.1 crashed');
    await engine.close();
    expect(groupLives(pid)).toBe(false);
  });
});

/** True while a process of this group lives; a zombie does not. */
function groupLives(group: number): boolean {
  const members = spawnSync('ps', ['-A', '-o', 'pgid=,stat=']).stdout.toString().split('\n');
  return members.some((line) => {
    const [id, state] = line.trim().split(/\s+/);
    return Number(id) === group && !state?.startsWith('Z');
  });
}
