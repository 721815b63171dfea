import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  answering,
  GET,
  later,
  open,
  startOrigin,
  startRouter,
  until,
  webDyno,
} from './support.js';

async function echoServer(): Promise<number> {
  const server = createServer((_request, response) => response.end('plain'));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    socket.send(JSON.stringify(request.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const HANDSHAKE =
  'GET /chat HTTP/1.1\r\nHost: shop.localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: anything/2\r\n\r\n';

describe('an upgrade', () => {
  it('carries a WebSocket both ways, and is logged once when it ends', async () => {
    const running = await startRouter([await echoServer()]);
    const client = new WebSocket(`ws://127.0.0.1:${running.port}/chat?room=1`);
    const messages: string[] = [];
    client.on('message', (data) => messages.push(String(data)));
    await until(() => messages.length === 1);
    const headers = JSON.parse(messages[0]!) as Record<string, string>;
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(headers['host']).toBe(`127.0.0.1:${running.port}`);
    expect(running.router.stats('app-1').dynos[0]).toMatchObject({ upgraded: 1 });
    client.send('x'.repeat(100_000));
    await until(() => messages.length === 2);
    expect(messages[1]).toHaveLength(100_000);
    client.close();
    expect(await running.line()).toMatch(/^at=info method=GET path="\/chat\?room=1" .*status=101 /);
    await until(() => running.router.stats('app-1').dynos[0]!.upgraded === 0);
    expect(running.lines).toHaveLength(1);
  });

  it('whose client resets the connection ends, and harms nobody', async () => {
    const origin = await answering(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: anything/2\r\n\r\n',
    );
    const running = await startRouter([origin.port]);
    const client = await open(running.port, HANDSHAKE);
    await client.receives('101 Switching');
    client.socket.resetAndDestroy(); // what nobody hears fails the run
    expect(await running.line()).toContain('status=101');
    await until(() => !origin.open);
    expect(running.router.stats('app-1').dynos[0]).toMatchObject({ open: 0, upgraded: 0 });
  });

  it('takes any path to the dyno, one that is no URL too', async () => {
    const origin = await answering('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n');
    const running = await startRouter([origin.port]);
    const client = await open(running.port, HANDSHAKE.replace('/chat', '/\\['));
    await client.receives('101 Switching');
    expect(origin.received[0]).toMatch(/^GET \/\\\[ HTTP/);
  });

  it('works for any protocol, and keeps bytes that came with the handshake', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n')) {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: anything/2\r\n\r\nhello',
        );
      }
    });
    const running = await startRouter([origin.port]);
    const client = await open(running.port, `${HANDSHAKE}early`);
    expect(await client.receives('hello')).toMatch(
      /^HTTP\/1\.1 101 .*\r\nvia: 1\.1 heroku-router/is,
    );
    await until(() => origin.received[0]!.endsWith('early'));
    expect(origin.received[0]).toMatch(/^GET \/chat HTTP\/1\.1\r\n/);
    expect(origin.received[0]).toMatch(/upgrade: anything\/2\r\n/i);
  });

  it('keeps a session on its dyno, and says so in the handshake', async () => {
    const ports = [await echoServer(), await echoServer(), await echoServer()];
    const app = { features: { 'http-session-affinity': true } };
    const running = await startRouter(ports, { app });
    const dial = async (headers: Record<string, string>) => {
      const client = new WebSocket(`ws://127.0.0.1:${running.port}/`, { headers });
      later(() => client.terminate());
      const [answer] = (await once(client, 'upgrade')) as [IncomingMessage];
      const busy = () => running.router.stats('app-1').dynos.find(({ upgraded }) => upgraded === 1);
      await until(busy);
      const { name } = busy()!;
      client.terminate();
      await until(() => !busy());
      return { name, cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] };
    };
    const { name, cookie } = await dial({});
    expect(cookie).toMatch(/^heroku-session-affinity=/);
    for (let index = 0; index < 3; index += 1)
      expect(await dial({ Cookie: cookie! })).toEqual({ name, cookie: undefined });
  });

  it('passes an answer on that is no upgrade', async () => {
    const origin = await answering('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
    const running = await startRouter([origin.port]);
    const client = await open(running.port, HANDSHAKE);
    expect(await client.ends()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n.*\r\n\r\nno$/s);
    expect(await running.line()).toMatch(/status=403/);
  });

  it.each([['closes', (origin: { destroy(): void }) => origin.destroy(), 'H13']])(
    'gets an error page when the dyno %s',
    async (_name, act, code) => {
      const origin = await startOrigin((socket) => act(socket));
      const running = await startRouter([origin.port]);
      const client = await open(running.port, HANDSHAKE);
      expect(await client.ends()).toMatch(/^HTTP\/1\.1 503 .*Connection: close/s);
      expect(await running.line()).toContain(`code=${code}`);
    },
  );

  it('is H12 when the dyno does not answer, and H15 when no byte moves', async () => {
    const silent = await startOrigin(() => undefined);
    const limits = { tick: 10, firstByte: 60, idle: 120 };
    const running = await startRouter([silent.port], { limits });
    const client = await open(running.port, HANDSHAKE);
    expect(await client.ends()).toMatch(/^HTTP\/1\.1 503 /);
    expect(await running.line()).toContain('code=H12');
    const quiet = await answering(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: anything/2\r\n\r\n',
    );
    running.router.dynoChanged({ ...webDyno(1, silent.port), status: { state: 'stopping' } });
    running.router.dynoChanged(webDyno(1, quiet.port));
    const second = await open(running.port, HANDSHAKE);
    await second.ends();
    expect(await running.line(1)).toContain('code=H15');
    expect(quiet.open).toBe(false);
  });

  it('ends on the dyno when the client leaves', async () => {
    const origin = await answering(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: anything/2\r\n\r\n',
    );
    const running = await startRouter([origin.port]);
    const client = await open(running.port, HANDSHAKE);
    await client.receives('101');
    client.socket.destroy();
    await until(() => !origin.open);
  });

  it('is refused with 400 when Connection names an Upgrade that is not there', async () => {
    const origin = await answering('');
    const running = await startRouter([origin.port]);
    const client = await open(
      running.port,
      GET.replace('\r\n\r\n', '\r\nConnection: upgrade\r\n\r\n'),
    );
    expect(await client.ends()).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('to HTTP/2 without TLS is not taken up: the request is answered as it is', async () => {
    const origin = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    const running = await startRouter([origin.port]);
    const client = await open(
      running.port,
      GET.replace(
        '\r\n\r\n',
        '\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
      ),
    );
    await client.receives('ok');
    expect(origin.received[0]).not.toMatch(/h2c|settings/i);
  });
});
