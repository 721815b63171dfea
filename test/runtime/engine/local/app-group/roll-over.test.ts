import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../../../../support/folders.js';
import { manifest, SERVER, startEngine, states } from '../recorder.js';

describe('preboot', () => {
  it('has the new dynos up before the old ones get SIGTERM', async () => {
    const drained: string[] = [];
    const { engine, recorder } = await startEngine({
      drained: async (dyno) => void drained.push(`${dyno.name} ${dyno.status.state}`),
    });
    const web = (more: string) => ({ web: { command: `${SERVER} ${more}`, quantity: 2 } });
    await engine.apply(manifest(web('1'), { preboot: true }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up,web.2 up');
    const old = engine.dynos().map((dyno) => dyno.id);
    await engine.apply(manifest(web('2'), { preboot: true, version: 2 }));
    await recorder.until(() => {
      const dynos = engine.dynos();
      return dynos.length === 2 && dynos.every((dyno) => dyno.release === 2);
    });
    expect(drained.sort()).toEqual(['web.1 stopping', 'web.2 stopping']);
    const upBefore = recorder.changes.findIndex((d) => d.release === 2 && d.status.state === 'up');
    const firstStop = recorder.changes.findIndex((d) => d.status.state === 'stopping');
    expect(upBefore).toBeLessThan(firstStop);
    expect(old).toContain(recorder.changes[firstStop]?.id);
  });

  it('keeps the old dynos when the new ones do not come up', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER }, { preboot: true }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up');
    const [old] = engine.dynos();
    await engine.apply(manifest({ web: 'exit 1' }, { preboot: true, version: 2 }));
    await recorder.untilLine('The new dynos of release v2 did not come up; the old ones stay.');
    await recorder.until(() => engine.dynos().length === 1);
    expect(engine.dynos()[0]).toMatchObject({ id: old?.id, status: { state: 'up' }, release: 1 });
  });

  it('keeps the old dynos when a new one crashes while the others still come up', async () => {
    const { engine, recorder } = await startEngine();
    const gate = join(folderWith(), 'gate');
    const web = (command: string, version: number) =>
      manifest({ web: { command, quantity: 2 } }, { preboot: true, version });
    await engine.apply(web(SERVER, 1));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up,web.2 up');
    const waits = `[ $DYNO = web.1 ] || until [ -e ${gate} ]; do sleep 0.05; done; ${SERVER}`;
    await engine.apply(web(waits, 2));
    const first = () => recorder.changes.findLast((d) => d.name === 'web.1' && d.release === 2);
    await recorder.until(() => first()?.status.state === 'up');
    process.kill(first()?.pid ?? 0, 'SIGKILL');
    await recorder.until(() => first()?.status.state === 'crashed');
    writeFileSync(gate, '');
    await recorder.untilLine('The new dynos of release v2 did not come up; the old ones stay.');
    await recorder.until(() => engine.dynos().length === 2);
    expect(engine.dynos().map((dyno) => dyno.release)).toEqual([1, 1]);
    expect(states(engine.dynos())).toEqual(['web.1 up', 'web.2 up']);
  });

  it('is the same when it is applied twice in a row', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER }, { preboot: true }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up');
    const second = manifest({ web: `${SERVER} 2` }, { preboot: true, version: 2 });
    await engine.apply(second);
    await engine.apply(second);
    await recorder.until(() => engine.dynos().every((dyno) => dyno.release === 2));
    expect(new Set(recorder.changes.map((dyno) => dyno.id)).size).toBe(2);
  });

  it('restarts both of two dynos that are restarted one after the other', async () => {
    const { engine, recorder } = await startEngine();
    const wish = manifest({ web: { command: SERVER, quantity: 3 } }, { preboot: true });
    await engine.apply(wish);
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up,web.2 up,web.3 up');
    const old = new Map(engine.dynos().map(({ name, id }) => [name, id]));
    await engine.restart(wish, { name: 'web.1' });
    await engine.restart(wish, { name: 'web.2' });
    const renewed = () =>
      engine
        .dynos()
        .filter(({ name, id }) => id !== old.get(name))
        .map(({ name }) => name);
    await recorder.until(() => engine.dynos().length === 3 && renewed().length === 2);
    expect(renewed().sort()).toEqual(['web.1', 'web.2']);
  });

  it('is a matter of the manifest that a restart comes with', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER }, { preboot: true }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up');
    await engine.restart(manifest({ web: SERVER }, { preboot: false }), {});
    await recorder.untilLine('heroku[web.1]: Restarting');
  });
});
