import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    expect(recorder.lines[0]).toMatch(
      new RegExp(`^heroku\\[web.1\\]: Ports? ${base}.* taken by another program; PORT is ${port}$`),
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
