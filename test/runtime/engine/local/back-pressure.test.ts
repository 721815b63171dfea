import { describe, expect, it } from 'vitest';
import { manifest, startEngine } from './recorder.js';

describe('output', () => {
  it('comes as whole lines from a flood, in blocks of many lines', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    await engine.apply(manifest({ worker: 'seq 1000000 1200000' }));
    await recorder.untilLine('State changed from up to crashed');
    const numbers = recorder.lines
      .filter((line) => line.startsWith('app['))
      .map((line) => Number(line.slice('app[worker.1]: '.length)));
    expect(numbers).toHaveLength(200_001);
    expect(numbers.every((number, index) => number === 1_000_000 + index)).toBe(true);
    expect(recorder.messages.length).toBeLessThan(2_000);
  });

  it('stands still while it is paused: the dyno waits in its writes, and nothing is lost', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    engine.pauseOutput();
    await engine.apply(manifest({ worker: 'seq 1000000 1200000' }));
    const before = recorder.lines.filter((line) => line.startsWith('app[')).length;
    expect(before).toBe(0);
    expect(engine.dynos()[0]?.status.state).toBe('up');
    engine.resumeOutput();
    await recorder.untilLine('State changed from up to crashed');
    await recorder.untilLine('app[worker.1]: 1200000');
    expect(recorder.lines.filter((line) => line.startsWith('app[')).length).toBe(200_001);
  });

  it('of a quiet dyno goes on while a flooding one is held by its name', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    engine.pauseOutput('flood.1');
    const told = 'while :; do echo told; sleep 0.02; done';
    await engine.apply(manifest({ flood: 'seq 1000000 1200000', quiet: told }));
    await recorder.untilLine('app[quiet.1]: told', 5);
    expect(recorder.lines.filter((line) => line.startsWith('app[flood.1]'))).toEqual([]);
    engine.pauseOutput('quiet.1');
    engine.resumeOutput();
    await recorder.untilLine('app[flood.1]: 1200000');
    const before = recorder.lines.filter((line) => line.startsWith('app[quiet.1]')).length;
    await recorder.untilLine('app[quiet.1]: told', before + 1);
  });

  it('of a dyno that ended while it was paused is read to its end before the engine closes', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    engine.pauseOutput();
    await engine.apply(manifest({ worker: 'seq 1000; exit 1' }));
    await recorder.untilLine('State changed from up to crashed');
    const closed = engine.close();
    engine.resumeOutput();
    await closed;
    expect(recorder.lines).toContain('app[worker.1]: 1000');
  });
});
