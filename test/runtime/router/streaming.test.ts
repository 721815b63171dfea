import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { answering, GET, later, open, startOrigin, startRouter, until } from './support.js';

const MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of buffers that somebody holds: what only waits to be collected is as much as V8 likes. */
function heldBuffers(): number {
  // The second one waits for the buffers that the first one gave up to be swept.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

async function nodeServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** So many bytes, in pieces of 64 KiB, made as they are asked for. */
function* stream(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(65_536, 'x');
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
}

describe('a body', () => {
  it('of 300 MB flows both ways at once in flat memory', { timeout: 60_000 }, async () => {
    const port = await nodeServer((incoming, response) => incoming.pipe(response));
    const running = await startRouter([port]);
    const outgoing = request({
      port: running.port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { Host: 'shop.localhost' },
    });
    let received = 0;
    let looked = 0;
    let most = 0;
    outgoing.on('response', (response) => {
      response.on('data', (piece: Buffer) => {
        received += piece.length;
        if (received - looked < 10 * MB) return;
        looked = received;
        most = Math.max(most, heldBuffers());
      });
    });
    const before = heldBuffers();
    Readable.from(stream(300 * MB)).pipe(outgoing);
    await until(() => received === 300 * MB);
    expect(looked).toBeGreaterThan(280 * MB);
    expect(most - before).toBeLessThan(10 * MB);
  });

  it('is not read from a dyno whose client does not read', async () => {
    let sent = 0;
    const port = await nodeServer((_incoming, response) => {
      Readable.from(stream(500 * MB))
        .on('data', (piece: Buffer) => {
          sent += piece.length;
        })
        .pipe(response);
    });
    const running = await startRouter([port]);
    const client = await open(running.port);
    client.socket.pause();
    client.send(GET);
    let last = -1;
    await until(() => {
      const still = sent === last && sent > 0;
      last = sent;
      return still;
    });
    expect(sent).toBeLessThan(100 * MB);
  });

  it('comes out as it went in, with and without a length', async () => {
    const port = await nodeServer((incoming, response) => {
      const hash = createHash('sha256');
      incoming.on('data', (piece: Buffer) => hash.update(piece));
      incoming.on('end', () => response.end(hash.digest('hex')));
    });
    const running = await startRouter([port]);
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
    const expected = createHash('sha256').update(bytes).digest('hex');
    for (const headers of [
      { 'Content-Length': bytes.length },
      { 'Transfer-Encoding': 'chunked' },
    ]) {
      const outgoing = request({ port: running.port, host: '127.0.0.1', method: 'PUT', headers });
      outgoing.end(bytes);
      let text = '';
      outgoing.on('response', (response) => {
        response.on('data', (piece) => {
          text += String(piece);
        });
      });
      await until(() => text === expected);
    }
  });

  it('passes piece by piece: a client sees each event when it is sent', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n')) {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n');
      }
    });
    const running = await startRouter([origin.port]);
    const client = await open(running.port, GET);
    await client.receives('data: 1\n\n');
    origin.sockets[0]!.write('data: 2\n\n');
    await client.receives('data: 2\n\n');
    origin.sockets[0]!.end();
    await client.receives('0\r\n\r\n');
  });

  it('that ends with the connection is chunked for HTTP/1.1, and ends so for HTTP/1.0', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n')) socket.end('HTTP/1.0 200 OK\r\n\r\nwhole');
    });
    const running = await startRouter([origin.port]);
    const modern = await open(running.port, GET);
    expect(await modern.receives('0\r\n\r\n')).toContain(
      'Transfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n',
    );
    const old = await open(running.port, GET.replace('1.1', '1.0'));
    expect(await old.ends()).toMatch(/Connection: close\r\n\r\nwhole$/);
  });
});

describe('an answer without a body', () => {
  it.each([
    [
      'HEAD',
      GET.replace('GET', 'HEAD'),
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      'Content-Length: 5',
    ],
    ['204', GET, 'HTTP/1.1 204 No Content\r\n\r\n', '204'],
    [
      '304',
      GET,
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "a"\r\n\r\n',
      'Content-Length: 5',
    ],
  ])('%s is whole at its head', async (_name, asked, answer, field) => {
    const origin = await answering(answer);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, asked);
    await running.line();
    expect(await client.receives('\r\n\r\n')).toContain(field);
    expect(client.received).toMatch(/\r\n\r\n$/);
    client.send(asked);
    expect(await running.line(1)).toMatch(/^at=info/);
  });
});

describe('informational answers', () => {
  it('pass to clients of HTTP/1.1, and not to those of HTTP/1.0', async () => {
    const origin = await answering(
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    );
    const running = await startRouter([origin.port]);
    const modern = await open(running.port, GET);
    expect(await modern.receives('ok')).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: [^\r]*\r\n\r\nHTTP\/1\.1 200/,
    );
    const old = await open(running.port, GET.replace('1.1', '1.0'));
    expect(await old.ends()).toMatch(/^HTTP\/1\.1 200/);
  });

  it('100 comes from the router, when the dyno is there', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('five!')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    const running = await startRouter([origin.port]);
    const head =
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n';
    const client = await open(running.port, head);
    await client.receives('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('five!');
    await client.receives('ok');
    expect(origin.received[0]).not.toMatch(/expect/i);
    const lonely = await startRouter([]);
    expect(await (await open(lonely.port, head)).ends()).toMatch(
      /^HTTP\/1\.1 503 .*Connection: close/s,
    );
  });
});
