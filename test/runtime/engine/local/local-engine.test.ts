import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFree } from '../../../../src/runtime/engine/local/ports.js';
import { PlatformError } from '../../../../src/runtime/errors.js';
import { freePort, manifest, SERVER, startEngine, states } from './recorder.js';

describe('starting', () => {
  it("starts one of each type in Heroku's words, and a web dyno is up when it listens", async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER, worker: 'echo working; exec sleep 100' }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up,worker.1 up');
    await recorder.untilLine('app[worker.1]: working');
    expect(recorder.about('web.1')).toEqual([
      `Starting process with command \`${SERVER}\``,
      'State changed from starting to up',
    ]);
    const [web] = engine.dynos('app');
    expect(web?.address?.port).toBe(web?.port);
    expect(await get(web?.address?.host ?? '', web?.port ?? 0)).toContain('web.1');
  });

  it.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('sees a server that binds %s', async (host) => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ web: SERVER }, { config: { HOST: host } }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up');
    const address = engine.dynos()[0]?.address;
    expect(await get(address?.host ?? '', address?.port ?? 0)).toContain('web.1');
  });

  it('gives each dyno its environment: inherited, under config, under the platform', async () => {
    const { engine, recorder } = await startEngine({
      environment: { PATH: process.env['PATH'], SHELL_ONLY: 's', BOTH: 's', PORT: '1' },
      runId: 'run-1',
      color: true,
    });
    const config = { BOTH: 'c', DYNO: 'x' };
    await engine.apply(manifest({ clock: 'env; exec sleep 100' }, { config }));
    await recorder.untilLine('PAAS_DYNO=');
    await recorder.until(() => recorder.lines.some((line) => line.includes('BOTH=')));
    const port = engine.dynos()[0]?.port;
    for (const pair of [
      'SHELL_ONLY=s',
      'BOTH=c',
      'DYNO=clock.1',
      'PS=clock.1',
      'FOREMAN_WORKER_NAME=clock.1',
      'PAAS_RUN=run-1',
      'FORCE_COLOR=1',
      `PORT=${port}`,
    ]) {
      await recorder.untilLine(`app[clock.1]: ${pair}`);
    }
  });

  it('never makes a dyno of release', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ release: 'echo no', worker: 'exec sleep 100' }));
    await recorder.until(() => states(engine.dynos()).join() === 'worker.1 up');
    expect(recorder.about('release.1')).toEqual([]);
  });

  it('says so when a port is taken, and gives the next one', async () => {
    const base = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(base, '127.0.0.1', resolve));
    const { engine, recorder } = await startEngine({ basePort: base });
    await engine.apply(manifest({ web: SERVER }));
    await recorder.until(() => states(engine.dynos()).join() === 'web.1 up');
    other.close();
    const port = engine.dynos()[0]?.port;
    expect(port).toBeGreaterThan(base);
    expect(recorder.about('web.1')[0]).toMatch(
      new RegExp(`^Ports? ${base}.* taken by another program; PORT is ${port}$`),
    );
  });

  it('tells a command that does not exist, and the mend', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    await engine.apply(manifest({ worker: 'no-such-command-here' }));
    await recorder.untilLine('State changed from up to crashed');
    expect(recorder.about('worker.1').join('\n')).toContain('The command was not found.');
    expect(engine.dynos()[0]?.status).toEqual({
      state: 'crashed',
      reason: 'exit',
      exitStatus: 127,
    });
  });

  it('tells a folder that does not exist', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    const directory = join(tmpdir(), 'paas-no-such-folder');
    await engine.apply(manifest({ web: SERVER }, { slug: { kind: 'directory', directory } }));
    await recorder.untilLine('State changed from starting to crashed');
    expect(recorder.about('web.1')[1]).toContain(`the folder ${directory} does not exist`);
    expect(engine.dynos()[0]?.status).toMatchObject({ state: 'crashed', reason: 'spawn' });
  });

  it('tells an environment that no process can have', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    await engine.apply(manifest({ worker: 'true' }, { config: { LONG: 'x'.repeat(4_000_000) } }));
    await recorder.untilLine('State changed from starting to crashed');
    expect(recorder.about('worker.1')[1]).toContain('longer than the system allows');
  });

  it('refuses an image', async () => {
    const { engine } = await startEngine();
    const slug = { kind: 'image', reference: 'nginx' } as const;
    await expect(engine.apply(manifest({ web: 'x' }, { slug }))).rejects.toThrow(PlatformError);
  });
});

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
});

describe('restarting and stopping', () => {
  it('restarts one dyno, and crashed ones at once', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    await engine.apply(manifest({ a: 'exit 1', b: 'exec sleep 100' }));
    await recorder.until(() => states(engine.dynos()).join() === 'a.1 crashed,b.1 up');
    await engine.restart('app', { name: 'a.1' });
    await recorder.untilLine('heroku[a.1]: State changed from up to crashed', 2);
    expect(recorder.about('a.1')).toContain('State changed from crashed to starting');
    expect(recorder.about('b.1')).not.toContain('Restarting');
    await engine.restart('app', {});
    await recorder.untilLine('heroku[b.1]: Restarting');
  });

  it('keeps a stopped dyno stopped until it is restarted', async () => {
    const { engine, recorder } = await startEngine();
    const two = manifest({ worker: { command: 'exec sleep 100', quantity: 2 } });
    await engine.apply(two);
    await engine.stop('app', { name: 'worker.1' });
    await engine.apply(two);
    expect(states(engine.dynos())).toEqual(['worker.2 up']);
    await engine.restart('app', { type: 'worker' });
    await recorder.untilLine('heroku[worker.1]: State changed from down to starting');
    await recorder.until(() => states(engine.dynos()).join() === 'worker.1 up,worker.2 up');
  });

  it.each([{ name: 'web.9' }, { type: 'nope' }])('does not know %o', async (selector) => {
    const { engine } = await startEngine();
    await engine.apply(manifest({ worker: 'exec sleep 100' }));
    await expect(engine.stop('app', selector)).rejects.toMatchObject({ id: 'not_found' });
    await expect(engine.restart('app', selector)).rejects.toMatchObject({ id: 'not_found' });
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

describe('crashing', () => {
  it('starts again at once after the first crash, then waits and says until when', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ worker: 'exit 7' }));
    await recorder.untilLine('State changed from up to crashed', 2);
    expect(recorder.about('worker.1').slice(0, 6)).toEqual([
      'Starting process with command `exit 7`',
      'State changed from starting to up',
      'Process exited with status 7',
      'State changed from up to crashed',
      'State changed from crashed to starting',
      'Starting process with command `exit 7`',
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
});

function get(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host, port }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}
