import { describe, expect, it } from 'vitest';
import { isFree } from '../../../../src/runtime/engine/local/ports.js';
import { folderWith } from '../../../support/folders.js';
import { manifest, SERVER, startEngine, states } from './recorder.js';

describe('restarting and stopping', () => {
  it('restarts one dyno, and crashed ones at once', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    const wish = manifest({ a: 'exit 1', b: 'exec sleep 100' });
    await engine.apply(wish);
    await recorder.until(() => states(engine.dynos()).join() === 'a.1 crashed,b.1 up');
    await engine.restart(wish, { name: 'a.1' });
    await recorder.untilLine('heroku[a.1]: State changed from up to crashed', 2);
    expect(recorder.about('a.1')).toContain('State changed from crashed to starting');
    expect(recorder.about('b.1')).not.toContain('Restarting');
    await engine.restart(wish, {});
    await recorder.untilLine('heroku[b.1]: Restarting');
  });

  it('keeps a stopped dyno stopped until it is restarted', async () => {
    const { engine, recorder } = await startEngine();
    const two = manifest({ worker: { command: 'exec sleep 100', quantity: 2 } });
    await engine.apply(two);
    await engine.stop('app', { name: 'worker.1' });
    await engine.apply(two);
    expect(states(engine.dynos())).toEqual(['worker.2 up']);
    await engine.restart(two, { type: 'worker' });
    await recorder.untilLine('heroku[worker.1]: State changed from down to starting');
    await recorder.until(() => states(engine.dynos()).join() === 'worker.1 up,worker.2 up');
  });

  it.each([{ name: 'web.9' }, { type: 'nope' }])('does not know %o', async (selector) => {
    const { engine } = await startEngine();
    const wish = manifest({ worker: 'exec sleep 100' });
    await engine.apply(wish);
    await expect(engine.stop('app', selector)).rejects.toMatchObject({ id: 'not_found' });
    await expect(engine.restart(wish, selector)).rejects.toMatchObject({ id: 'not_found' });
  });

  it('forgets a removed app, and refuses work after its close', async () => {
    const { engine } = await startEngine();
    await engine.apply(manifest({ worker: 'exec sleep 100' }));
    await engine.remove('app');
    expect(engine.dynos()).toEqual([]);
    await engine.close();
    await expect(engine.apply(manifest({}))).rejects.toMatchObject({ id: 'unavailable' });
  });

  it('gives its ports back', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up');
    const port = engine.dynos()[0]?.port ?? 0;
    await engine.close();
    expect(await isFree(port)).toBe(true);
  });
});

describe('one-off dynos', () => {
  it('run once, with their own name, environment and exit status', async () => {
    const { engine, recorder } = await startEngine();
    const run = await engine.run({
      manifest: manifest({ worker: 'x' }, { config: { A: '1' } }),
      type: 'run',
      command: 'echo "$A$B"; exit 5',
      size: 'Standard-1X',
      env: { B: '2' },
    });
    expect(run.dyno.name).toMatch(/^run\.\d{4}$/);
    expect(await run.ended).toBe(5);
    expect(recorder.lines).toContain(`app[${run.dyno.name}]: 12`);
    expect(recorder.about(run.dyno.name).at(-1)).toBe('State changed from up to complete');
    expect(engine.dynos()).toEqual([]);
  });

  it('end when their time is over', async () => {
    const { engine } = await startEngine();
    const run = await engine.run({
      manifest: manifest({}),
      type: 'release',
      command: 'exec sleep 100',
      size: 'Standard-1X',
      timeToLive: 50,
    });
    expect(await run.ended).toBe(143);
  });

  it('are refused with a sentence when they cannot be started', async () => {
    const { engine } = await startEngine();
    const slug = { kind: 'directory', directory: '/no/such/folder' } as const;
    const oneOff = { manifest: manifest({}, { slug }), type: 'run', command: 'true', size: 'x' };
    await expect(engine.run(oneOff)).rejects.toMatchObject({ id: 'unavailable' });
    expect(engine.dynos()).toEqual([]);
  });

  it('on the terminal of a caller are refused from the moment of the close on', async () => {
    const { engine } = await startEngine({ isolation: 'copy', isolationFolder: folderWith() });
    const slug = { kind: 'directory', directory: folderWith({ Procfile: '' }) } as const;
    const common = { manifest: manifest({}, { slug }), type: 'run', command: 'true', size: 'x' };
    const guest = { ...common, id: 'some-id-of-its-own', name: 'run.1000' };
    const prepared = engine.guests.welcome(guest, () => undefined);
    const closed = engine.close();
    await expect(prepared).rejects.toMatchObject({ id: 'unavailable' });
    await closed;
    const late = engine.guests.welcome(guest, () => undefined);
    await expect(late).rejects.toMatchObject({ id: 'unavailable' });
  });
});
