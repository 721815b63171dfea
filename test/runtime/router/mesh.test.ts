import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { answering, closedPort, GET, later, OK, open, startRouter, until } from './support.js';

const BLOG = GET.replace('shop', 'blog');

describe('a host of another app of this machine', () => {
  it('is served by its own router, as if the client had come there', async () => {
    const origin = await answering(OK);
    const blog = await startRouter([origin.port], { app: { id: 'app-2', name: 'blog' } });
    const shop = await startRouter([]);
    shop.router.setNeighbours(() => [{ name: 'blog', hosts: ['blog.test'], port: blog.port }]);
    for (const host of ['blog.localhost', 'blog.test']) {
      const client = await open(
        shop.port,
        `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n`,
      );
      await client.receives('ok');
    }
    expect(origin.received[0]).toMatch(/X-Forwarded-For: 9\.9\.9\.9, 127\.0\.0\.1\r\n/);
    expect(origin.received[0]).toMatch(new RegExp(`X-Forwarded-Port: ${shop.port}\r\n`));
    expect(origin.received[0]).not.toMatch(/handover/i);
    expect(origin.received[0]!.split('\r\n\r\n')[0]!.match(/heroku-router/g)).toHaveLength(1);
    await until(() => blog.lines.length === 2);
    expect(shop.lines).toEqual([]);
  });

  it('gets its WebSockets, too', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    later(() => server.close());
    server.on('connection', (socket) => socket.send('hello'));
    await until(() => server.address());
    const origin = (server.address() as { port: number }).port;
    const blog = await startRouter([origin], { app: { id: 'app-2', name: 'blog' } });
    const shop = await startRouter([]);
    shop.router.setNeighbours(() => [{ name: 'blog', hosts: [], port: blog.port }]);
    const client = new WebSocket(`ws://127.0.0.1:${shop.port}/`, {
      headers: { Host: 'blog.localhost' },
    });
    later(() => client.terminate());
    const messages: string[] = [];
    client.on('message', (data) => messages.push(String(data)));
    await until(() => messages.includes('hello'));
  });

  it('is an error page when its router is gone, and never goes round', async () => {
    const shop = await startRouter([]);
    const port = await closedPort();
    shop.router.setNeighbours(() => [{ name: 'blog', hosts: [], port }]);
    expect(await (await open(shop.port, BLOG)).receives('</html>')).toMatch(/^HTTP\/1\.1 503 /);
    const one = await startRouter([]);
    one.router.setNeighbours(() => [{ name: 'blog', hosts: [], port: one.port }]);
    expect(await (await open(one.port, BLOG)).receives('</html>')).toMatch(/^HTTP\/1\.1 404 /);
  });
});
