import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Load } from '../../support/load.js';
import {
  answering,
  GET,
  later,
  OK,
  open,
  SHOP,
  startOrigin,
  startRouter,
  until,
  webDyno,
} from './support.js';

async function dynoServer(name: string): Promise<{ port: number; server: Server }> {
  const server = createServer((_request, response) => setTimeout(() => response.end(name), 2));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => server.close());
  return { port: (server.address() as AddressInfo).port, server };
}

describe('several dynos', () => {
  it('take turns', async () => {
    const origins = await Promise.all(
      [1, 2, 3].map((name) => answering(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n#${name}`)),
    );
    const running = await startRouter(origins.map(({ port }) => port));
    const client = await open(running.port);
    for (let index = 0; index < 6; index += 1) {
      client.send(GET);
      await running.line(index);
    }
    expect(running.lines.map((line) => /dyno=(\S+)/.exec(line)![1])).toEqual([
      'web.2',
      'web.3',
      'web.1',
      'web.2',
      'web.3',
      'web.1',
    ]);
  });

  it('keep a session when the app has the feature, and move it when its dyno is gone', async () => {
    const origins = await Promise.all([answering(OK), answering(OK)]);
    const running = await startRouter(
      origins.map(({ port }) => port),
      {
        app: { features: { 'http-session-affinity': true } },
      },
    );
    const first = await open(running.port, GET);
    const cookie =
      /Set-Cookie: (heroku-session-affinity=[^;]+); Path=\/; Max-Age=86400; HttpOnly/.exec(
        await first.receives('ok'),
      )![1]!;
    const again = GET.replace('\r\n\r\n', `\r\nCookie: x=1; ${cookie}\r\n\r\n`);
    for (let index = 1; index < 4; index += 1) {
      const client = await open(running.port, again);
      expect(await client.receives('ok')).not.toContain('Set-Cookie');
    }
    const [name] = new Set(running.lines.map((line) => /dyno=(\S+)/.exec(line)![1]));
    expect(new Set(running.lines.map((line) => /dyno=(\S+)/.exec(line)![1])).size).toBe(1);
    const slot = Number(name!.slice(4));
    const port = origins[slot - 1]!.port;
    running.router.dynoChanged({ ...webDyno(slot, port), status: { state: 'stopping' } });
    const moved = await open(running.port, again);
    expect(await moved.receives('ok')).toContain('Set-Cookie');
  });

  it('are tried in turn when one refuses, and it is avoided for a while', async () => {
    const good = await answering(OK);
    const gone = await startOrigin(() => undefined);
    gone.server.close();
    const running = await startRouter([good.port, gone.port]);
    for (let index = 0; index < 4; index += 1) {
      const client = await open(running.port, GET);
      await client.receives('ok');
    }
    await running.line(3);
    expect(
      running.lines.every((line) => line.startsWith('at=info') && line.includes('dyno=web.1')),
    ).toBe(true);
  });

  it('are never sent a request twice that one of them may have seen', async () => {
    const bad = await startOrigin((socket) => socket.destroy());
    const good = await answering(OK);
    const running = await startRouter([good.port, bad.port]);
    await open(running.port, GET);
    expect(await running.line()).toContain('code=H13');
    expect(good.received).toEqual([]);
  });
});

describe('a dyno that is told to stop', () => {
  it('finishes what it has, and gets nothing new', async () => {
    const origin = await startOrigin(() => undefined);
    const next = await answering(OK);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, GET);
    await until(() => origin.received.length === 1);
    running.router.dynoChanged({ ...webDyno(1, origin.port), status: { state: 'stopping' } });
    running.router.dynoChanged(webDyno(1, next.port));
    const second = await open(running.port, GET);
    await second.receives('ok');
    let drained: string | undefined;
    void running.router.drained(webDyno(1, origin.port)).then(() => {
      drained = 'yes';
    });
    expect(drained).toBeUndefined();
    origin.sockets[0]!.write(OK);
    await client.receives('ok');
    await until(() => drained);
    await until(() => !origin.open);
  });

  it('loses no request: scaling 1 → 5 → 1, and rolling restarts', { timeout: 60_000 }, async () => {
    const first = await dynoServer('first');
    const running = await startRouter([first.port]);
    const load = new Load(running.port);
    let current = [{ ...first, slot: 1 }];
    const retire = async ({ port, server, slot }: (typeof current)[number]) => {
      const dyno = webDyno(slot, port);
      running.router.dynoChanged({ ...dyno, status: { state: 'stopping' } });
      await running.router.drained(dyno);
      await new Promise((resolve) => server.close(resolve));
      running.router.dynoChanged({
        ...dyno,
        status: { state: 'down', reason: 'exit', exitStatus: 0 },
      });
    };
    for (let slot = 2; slot <= 5; slot += 1) {
      const made = await dynoServer(String(slot));
      running.router.dynoChanged(webDyno(slot, made.port));
      current.push({ ...made, slot });
    }
    running.router.setApp({ ...SHOP, webQuantity: 5 });
    for (const old of current) {
      const made = await dynoServer('next');
      running.router.dynoChanged(webDyno(old.slot, made.port));
      await retire(old);
      current = current.map((one) => (one === old ? { ...made, slot: old.slot } : one));
    }
    for (const extra of current.slice(1)) await retire(extra);
    const before = load.ok;
    await until(() => load.ok > before + 100);
    await load.stop();
    expect(load.failed).toEqual([]);
    expect(running.lines.filter((line) => !line.startsWith('at=info'))).toEqual([]);
  });
});
