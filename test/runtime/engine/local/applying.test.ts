import { describe, expect, it } from 'vitest';
import { manifest, SERVER, startEngine, states } from './recorder.js';

describe('applying', () => {
  it('does nothing when nothing changed, but moves the dynos to the newer release', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ worker: 'exec sleep 100' }));
    const [before] = engine.dynos();
    await engine.apply(manifest({ worker: 'exec sleep 100' }, { version: 2 }));
    const [after] = engine.dynos();
    expect(after?.id).toBe(before?.id);
    expect([before?.release, after?.release]).toEqual([1, 2]);
    expect(recorder.about('worker.1')).toHaveLength(2);
  });

  it('scales up and down, the highest numbers first', async () => {
    const { engine, recorder } = await startEngine();
    const worker = (quantity: number) => {
      return manifest({ worker: { command: 'exec sleep 100', quantity } });
    };
    await engine.apply(worker(1));
    await engine.apply(worker(3));
    expect(states(engine.dynos())).toEqual(['worker.1 up', 'worker.2 up', 'worker.3 up']);
    await engine.apply(worker(1));
    await recorder.until(() => engine.dynos().length === 1);
    expect(engine.dynos()[0]?.name).toBe('worker.1');
    expect(recorder.about('worker.3')).toEqual([
      'Starting process with command `exec sleep 100`',
      'State changed from starting to up',
      'Stopping all processes with SIGTERM',
      'Process exited with status 143',
      'State changed from up to down',
    ]);
  });

  it('takes wishes one after the other, however fast they come', async () => {
    const { engine, recorder } = await startEngine();
    const quantities = [3, 0, 5, 1, 4, 2];
    await Promise.all(
      quantities.map((quantity) =>
        engine.apply(manifest({ worker: { command: 'exec sleep 100', quantity } })),
      ),
    );
    await recorder.until(() => states(engine.dynos()).join() === 'worker.1 up,worker.2 up');
  });

  it('starts nothing more of a wish in whose middle it is closed', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ worker: 'exec sleep 100' }));
    const both = { worker: 'exec sleep 101', other: 'exec sleep 100' };
    const applied = engine.apply(manifest(both, { version: 2 }));
    // A replacement comes after the starts, and these after a turn.
    await Promise.resolve();
    await engine.close();
    await applied;
    expect(
      recorder.changes.filter(({ name, release }) => name === 'worker.1' && release === 2),
    ).toEqual([]);
  });

  it('restarts only the types that changed, and not on the port that the old one still has', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER, worker: 'exec sleep 100' }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up,worker.1 up');
    const [web, worker] = engine.dynos();
    await engine.apply(manifest({ web: `${SERVER} 2`, worker: 'exec sleep 100' }, { version: 2 }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up,worker.1 up');
    const [newWeb, sameWorker] = engine.dynos();
    expect(sameWorker?.id).toBe(worker?.id);
    expect(newWeb?.id).not.toBe(web?.id);
    expect(newWeb?.port).not.toBe(web?.port);
    expect(recorder.about('web.1').slice(2, 5)).toEqual([
      'Restarting',
      'State changed from up to starting',
      'Stopping all processes with SIGTERM',
    ]);
  });

  it('restarts everything when the config changed', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(
      manifest({ worker: 'echo "is $A"; exec sleep 100' }, { config: { A: '1' } }),
    );
    await recorder.untilLine('is 1');
    await engine.apply(
      manifest({ worker: 'echo "is $A"; exec sleep 100' }, { config: { A: '2' } }),
    );
    await recorder.untilLine('is 2');
  });
});
