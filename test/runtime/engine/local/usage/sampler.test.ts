import { describe, expect, it } from 'vitest';
import { manifest, startEngine } from '../recorder.js';

/** Holds so many MB, then waits. */
const holds = (megabytes: number) => {
  return `exec '${process.execPath}' -e 'b = Buffer.alloc(${megabytes} << 20, 1); console.log("held"); setInterval(() => b, 1e6)'`;
};

describe('looking at the dynos', () => {
  it('says R14 and lets the dyno run', async () => {
    const { engine, recorder } = await startEngine({ sampleInterval: 20 });
    await engine.apply(manifest({ worker: holds(560) }));
    await recorder.untilLine('heroku[worker.1]: Error R14 (Memory quota exceeded)');
    expect(recorder.about('worker.1').find((line) => line.startsWith('Process running'))).toMatch(
      /^Process running mem=\d+M\(1\d\d\.\d%\)$/,
    );
    expect(engine.dynos()[0]?.status.state).toBe('up');
  });

  it('says R15 and kills', async () => {
    const { engine, recorder } = await startEngine({ sampleInterval: 20, restartPolicy: 'never' });
    await engine.apply(manifest({ worker: holds(1100) }));
    await recorder.untilLine('State changed from up to crashed');
    expect(recorder.about('worker.1').slice(-4)).toEqual([
      'Error R15 (Memory quota vastly exceeded)',
      'Stopping process with SIGKILL',
      'Process exited with status 137',
      'State changed from up to crashed',
    ]);
    expect(engine.dynos()[0]?.status).toMatchObject({ state: 'crashed', reason: 'R15' });
  });

  it('writes the metrics of an app that wants them, and knows the usage of each dyno', async () => {
    const { engine, recorder } = await startEngine({
      sampleInterval: 20,
      metrics: (app) => app === 'app',
    });
    await engine.apply(manifest({ worker: 'exec sleep 100' }));
    await recorder.untilLine('sample#memory_quota=512.00MB');
    const usage = engine.usage(engine.dynos()[0]?.id ?? '');
    expect(usage).toMatchObject({ tasks: 1 });
    expect(usage?.memory).toBeGreaterThan(0);
  });
});
