import { describe, expect, it } from 'vitest';
import { manifest, startEngine } from './recorder.js';

describe('crashing', () => {
  it('starts again at once after the first crash, then waits and says until when', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ worker: 'exit 7' }));
    await recorder.untilLine('Crashed in the same way again');
    expect(recorder.about('worker.1').slice(0, 5)).toEqual([
      'Starting process with command `exit 7`',
      'State changed from starting to up',
      'Process exited with status 7',
      'State changed from up to crashed',
      'Crashed in the same way again (2 times in a row, exit status 7); next try in 1 s',
    ]);
    const [dyno] = engine.dynos();
    expect(dyno).toMatchObject({ restarts: 1, status: { state: 'crashed', exitStatus: 7 } });
    const { updatedAt, status } = dyno ?? {};
    const next = status?.state === 'crashed' ? (status.nextTryAt ?? 0) : 0;
    expect(next - (updatedAt ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('says R10 and kills when the port is not bound in time', async () => {
    const { engine, recorder } = await startEngine({ bootTimeout: 300, restartPolicy: 'never' });
    await engine.apply(manifest({ web: 'trap "" TERM; sleep 100; true' }));
    await recorder.untilLine('State changed from starting to crashed');
    expect(recorder.about('web.1').slice(1)).toEqual([
      'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 0.3 seconds of launch',
      'Stopping process with SIGKILL',
      'Process exited with status 137',
      'State changed from starting to crashed',
    ]);
    expect(engine.dynos()[0]?.status).toMatchObject({ reason: 'R10', exitStatus: 137 });
  });

  it('has the last words of a dyno before its exit line', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    await engine.apply(manifest({ worker: 'seq 20000; printf last >&2; exit 1' }));
    await recorder.untilLine('State changed from up to crashed');
    const order = [
      'app[worker.1]: 20000',
      'app[worker.1]: last',
      'heroku[worker.1]: Process exited',
    ];
    const places = order.map((text) => recorder.lines.findIndex((line) => line.startsWith(text)));
    expect(places.every((place) => place > 0 && place < (places[2] ?? 0) + 1)).toBe(true);
  });
});
