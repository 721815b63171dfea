import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../../src/runtime/cache/cache.js';
import { answering, GET, OK, open, startOrigin, startRouter, until } from './support.js';

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
    expect(await running.line(1)).toMatch(
      /dyno= connect= service= status=200 bytes=5 protocol=http cache=hit$/,
    );
    expect(running.lines[0]).toMatch(
      /dyno=web\.1 connect=\d+ms service=\d+ms status=200 .* cache=miss$/,
    );
    expect(origin.received[0]!.match(/GET \//g)).toHaveLength(1);
  });

  it('cuts a client that does not read off in time: H28', async () => {
    const origin = await startOrigin((socket) => {
      const length = 32 * 1024 * 1024;
      socket.write(
        `HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: ${length}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(length));
    });
    const cache = new HttpCache();
    const limits = { idle: 100, tick: 10 };
    const running = await startRouter([origin.port], { app, cache, limits });
    const client = await open(running.port);
    client.socket.pause();
    client.send(GET);
    expect(await running.line()).toContain('code=H28');
    expect(running.router.stats('app-1').open).toBe(0);
  });

  it('gives a slow client all of a large answer that it has', async () => {
    const length = 32 * 1024 * 1024;
    const origin = await startOrigin((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: ${length}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(length));
    });
    const cache = new HttpCache({ maxBytes: 16 * length });
    const limits = { clientIdle: 250, tick: 10 };
    const running = await startRouter([origin.port], { app, cache, limits });
    const read = async () => {
      const client = await open(running.port);
      let bytes = 0;
      client.socket.removeAllListeners('data').on('data', (piece: Buffer) => {
        bytes += piece.length;
        client.socket.pause();
        setTimeout(() => client.socket.resume(), 1);
      });
      client.send(GET);
      await until(() => bytes > length || client.closed);
      return bytes > length;
    };
    expect(await read()).toBe(true);
    expect(await read()).toBe(true);
    expect(running.lines.map((line) => /cache=(.*)/.exec(line)?.[1])).toEqual(['miss', 'hit']);
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

  it('tells on every answer why it was not kept, and counts it, also when it passes by', async () => {
    const cache = new HttpCache();
    const origin = await answering(OK.replace('\r\n\r\n', '\r\nCache-Control: no-store\r\n\r\n'));
    const running = await startRouter([origin.port], { app, cache });
    for (const round of [0, 1, 2]) {
      const client = await open(running.port, GET);
      expect(await client.receives('ok')).toMatch(
        /Cache-Status: paas; fwd=uri-miss; fwd-status=200; detail=no-store; key="http:\/\/shop\.localhost\/"\r\n/,
      );
      expect(await running.line(round)).toMatch(/ cache=pass$/);
    }
    expect(cache.statistics('app-1')).toMatchObject({ misses: 3, reasons: { 'no-store': 3 } });
  });

  it.each([
    ['OPTIONS / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n', 'method'],
    ['GET / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 2\r\n\r\nhi', 'bypass'],
    ['DELETE / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n', 'method'],
  ])('says on the answer to %j that it passed by', async (asked, fwd) => {
    const body = asked.endsWith('hi') ? 'hi' : '\r\n\r\n';
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith(body)) socket.write(FRESH);
    });
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    const client = await open(running.port, asked);
    expect(await client.receives('fresh')).toContain(
      `Cache-Status: paas; fwd=${fwd}; fwd-status=200; key="http://shop.localhost/"\r\n`,
    );
    expect(await running.line()).toMatch(/ cache=pass$/);
  });

  it('keys by the target in absolute form, not by the Host beside it', async () => {
    const origin = await answering(FRESH);
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    for (const [target, verdict] of [
      ['http://other.example/', 'fwd=uri-miss'],
      ['/', 'fwd=uri-miss'],
      ['http://SHOP.localhost/', 'hit'],
      ['/%2f', 'fwd=uri-miss'],
    ] as const) {
      const client = await open(running.port, GET.replace('GET /', `GET ${target}`));
      expect(await client.receives('fresh')).toContain(`Cache-Status: paas; ${verdict};`);
    }
  });

  it('says on a page of its own that no dyno answered', async () => {
    const origin = await startOrigin((socket) => socket.destroy());
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    for (const asked of [GET, GET.replace('GET', 'OPTIONS'), GET.replace('GET', 'DELETE')]) {
      const client = await open(running.port, asked);
      const answer = await client.receives('</html>');
      expect(answer).toMatch(/Cache-Status: paas; fwd=(uri-miss|method); .*key=/);
      expect(answer).not.toContain('fwd-status');
    }
  });

  it('answers only-if-cached itself, also where answers pass by', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    for (const field of ['', 'Cache-Control: only-if-cached\r\n']) {
      const client = await open(running.port, GET.replace('\r\n\r\n', `\r\n${field}\r\n`));
      await client.receives('\r\n\r\n');
      expect(client.received).toMatch(field === '' ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 504 /);
      await running.line(field === '' ? 0 : 1);
    }
  });

  it('keeps a session on its dyno, and never stores the cookie of one client for others', async () => {
    const origin = await answering(FRESH);
    const features = { ...app.features, 'http-session-affinity': true };
    const running = await startRouter([origin.port], { app: { features }, cache: new HttpCache() });
    const first = await open(running.port, GET);
    expect(await first.receives('fresh')).toMatch(/Set-Cookie: heroku-session-affinity=/);
    const second = await open(running.port, GET);
    expect(await second.receives('fresh')).not.toContain('Set-Cookie');
    expect(await running.line(1)).toContain('cache=hit');
  });

  it('writes one line per request of a client, and none for what it fetches behind an answer', async () => {
    const stale = FRESH.replace('max-age=60', 'max-age=0, stale-while-revalidate=60');
    const origin = await answering(stale);
    const running = await startRouter([origin.port], { app, cache: new HttpCache() });
    for (const round of [0, 1]) {
      const client = await open(running.port, GET);
      await client.receives('fresh');
      expect(await running.line(round)).toMatch(round === 0 ? / cache=miss$/ : / cache=stale$/);
    }
    await until(() => origin.received.join('').match(/GET \//g)?.length === 2);
    await until(() => running.router.stats('app-1').dynos[0]!.open === 0);
    expect(running.lines).toHaveLength(2);
  });
});
