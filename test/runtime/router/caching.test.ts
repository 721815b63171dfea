import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../../src/runtime/cache/cache.js';
import { answering, GET, open, startOrigin, startRouter, until } from './support.js';

const app = { features: { 'http-cache': true } };
const FRESH =
  'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nDate: REPLACE\r\nContent-Length: 5\r\n\r\nfresh'.replace(
    'REPLACE',
    new Date().toUTCString(),
  );

describe('a router with a cache', () => {
  it('answers the second request without a dyno, and logs both', async () => {
    const origin = await answering(FRESH);
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    const client = await open(running.port, GET);
    await client.receives('fresh');
    await running.line(0);
    client.received = '';
    client.send(GET);
    expect(await client.receives('fresh')).toMatch(/Cache-Status: [^\r]*hit/i);
    expect(await running.line(1)).toMatch(/dyno= connect= service= status=200 bytes=5/);
    expect(running.lines[0]).toMatch(/dyno=web\.1 connect=\d+ms service=\d+ms status=200/);
    expect(origin.received[0]!.match(/GET \//g)).toHaveLength(1);
  });

  it('passes what is not for the cache, body and trailers included', async () => {
    const origin = await answering(
      'HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n',
    );
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    for (const round of [0, 1, 2]) {
      const client = await open(running.port, GET);
      expect(await client.receives('0\r\nX-Sum: 9\r\n\r\n')).toContain('3\r\nabc\r\n');
      await running.line(round);
    }
    expect(origin.received.join('').match(/GET \//g)).toHaveLength(3);
  });

  it('passes a POST with its body on', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('five!'))
        socket.write('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n');
    });
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    const client = await open(
      running.port,
      'POST /x HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\n\r\nfive!',
    );
    expect(await client.receives('\r\n\r\n')).toMatch(/^HTTP\/1\.1 201 Created/);
  });

  it('shows the fault when no dyno answers', async () => {
    const origin = await startOrigin((socket) => socket.destroy());
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    const client = await open(running.port, GET);
    expect(await client.receives('</html>')).toMatch(/^HTTP\/1\.1 503 /);
    expect(await running.line()).toContain('code=H13');
  });

  it('cuts an answer that breaks off, and keeps none of it', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n')) socket.end(FRESH.slice(0, -2));
    });
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    const client = await open(running.port, GET);
    await client.ends();
    expect(await running.line()).toContain('code=H18');
    const second = await open(running.port, GET);
    await second.ends();
    expect(origin.received).toHaveLength(2);
  });

  it('lets the dyno finish when the client leaves, for those who come after', async () => {
    let finish: (() => void) | undefined;
    const origin = await startOrigin((socket, soFar) => {
      if (!soFar.endsWith('\r\n\r\n')) return;
      socket.write(FRESH.slice(0, -2));
      finish = () => socket.write('sh');
    });
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    const client = await open(running.port, GET);
    await client.receives('fre');
    client.socket.destroy();
    expect(await running.line()).toContain('code=H27');
    finish!();
    const second = await open(running.port, GET);
    await second.receives('fresh');
    await until(() => running.lines.length === 2);
    expect(origin.received.join('').match(/GET \//g)).toHaveLength(1);
  });
});
