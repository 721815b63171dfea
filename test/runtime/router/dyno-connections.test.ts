import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
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
} from './support.js';

describe('connections to a dyno', () => {
  it('carry one request after the other', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port]);
    for (let index = 0; index < 5; index += 1) {
      const client = await open(running.port, GET);
      await client.receives('ok');
      await running.line(index);
    }
    expect(origin.received).toHaveLength(1);
  });

  it('are not opened by a crowd all at once: who waits takes what becomes free', async () => {
    let accepted = 0;
    const server = createServer((_request, response) => response.end('ok'));
    server.on('connection', () => {
      accepted += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => server.close());
    const { port } = server.address() as AddressInfo;
    const running = await startRouter([port], { limits: { inFlightPerDyno: 1000 } });
    const clients = await Promise.all(Array.from({ length: 300 }, () => open(running.port)));
    for (const client of clients) client.send(GET);
    await Promise.all(clients.map((client) => client.receives('\r\n\r\nok')));
    expect(accepted).toBeLessThan(200);
    expect(running.lines.every((line) => line.startsWith('at=info'))).toBe(true);
  });

  it('are as many as there are requests that wait for their answers', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port]);
    await Promise.all(Array.from({ length: 50 }, () => open(running.port, GET)));
    await until(() => origin.received.filter((text) => text !== '').length === 50);
    for (const socket of origin.sockets) socket.write(OK);
    await until(() => running.router.stats(SHOP.id).open === 0);
  });

  it.each([
    ['bytes follow the answer', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
    ['the dyno says that it closes', OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')],
    [
      'the dyno will close within a second',
      OK.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=1\r\n\r\n'),
    ],
  ])('are not used again when %s', async (_name, bytes) => {
    const origin = await answering(bytes);
    const running = await startRouter([origin.port]);
    for (const round of [1, 2, 3]) {
      const client = await open(running.port, GET);
      expect(await client.receives('ok')).not.toContain('evil');
      await until(() => origin.received.length === round && !origin.open);
    }
  });

  it('are closed when bytes come that nobody asked for', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, GET);
    await client.receives('ok');
    await running.line();
    origin.sockets[0]!.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    await until(() => !origin.open);
    const next = await open(running.port, GET);
    expect(await next.receives('ok')).not.toContain('evil');
  });

  it('are closed when nobody needed them for a while', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port], { limits: { dynoIdle: 50 } });
    await (await open(running.port, GET)).receives('ok');
    await until(() => origin.received.length === 1 && !origin.open);
  });

  it('are left when an answer did not wait for the whole request', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\nfive!')) socket.write(OK);
    });
    const running = await startRouter([origin.port]);
    const client = await open(
      running.port,
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 9\r\n\r\nfive!',
    );
    expect(await client.receives('ok')).toMatch(/^HTTP\/1\.1 200 /);
    await until(() => !origin.open);
    client.send('rest');
    client.send(GET);
    await until(() => origin.received.length === 2);
    expect(origin.received[1]).toMatch(/^GET \/ /);
  });
});

describe('a request to a dyno', () => {
  it('has its trailers', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('X-Sum: 9\r\n\r\n')) socket.write(OK);
    });
    const running = await startRouter([origin.port]);
    const client = await open(
      running.port,
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n',
    );
    await client.receives('ok');
    expect(origin.received[0]).toMatch(/3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n$/);
  });

  it.each([
    [
      'OPTIONS *',
      'OPTIONS * HTTP/1.1\r\nHost: shop.localhost\r\n\r\n',
      /^OPTIONS \* HTTP\/1\.1\r\nHost: shop\.localhost\r\n/,
    ],
    [
      'POST without a body',
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n',
      /\r\nContent-Length: 0\r\n\r\n$/,
    ],
    ['GET without a body', GET, /^(?!.*Content-Length)/s],
  ])('of %s comes out as it is', async (_name, bytes, expected) => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port]);
    await (await open(running.port, bytes)).receives('ok');
    expect(origin.received[0]).toMatch(expected);
  });
});
