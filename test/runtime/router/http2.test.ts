import { once } from 'node:events';
import { constants } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ask, ca, http2, openSecure, secureRouter } from './secure.js';
import { answering, GET, later, OK, open, startOrigin, until, webDyno } from './support.js';

describe('an answer to HTTP/2', () => {
  it.each([
    ['HEAD', '200 OK', 'HEAD'],
    ['204', '204 No Content', 'GET'],
    ['304', '304 Not Modified', 'GET'],
  ])('for %s has no body', async (_name, status, method) => {
    const origin = await answering(`HTTP/1.1 ${status}\r\nETag: "a"\r\n\r\n`);
    const { port } = await secureRouter(origin);
    const { answer } = ask(await http2(port), { ':method': method, ':path': '/' });
    await until(() => answer.ended);
    expect(answer).toMatchObject({ status: Number(status.slice(0, 3)), body: '', code: 0 });
    expect(answer.headers.etag).toBe('"a"');
  });

  it('comes after its early hints', async () => {
    const origin = await answering(`HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${OK}`);
    const { port } = await secureRouter(origin);
    const { stream, answer } = ask(await http2(port), { ':path': '/' });
    const hints: unknown[] = [];
    stream.on('headers', (headers) => hints.push(headers[':status'], headers.link));
    await until(() => answer.ended);
    expect(hints).toEqual([103, '</a.css>']);
    expect(answer.status).toBe(200);
  });

  it('has none of the fields that a dyno cannot send there, and each of the others', async () => {
    const origin = await answering(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nProxy-Connection: x\r\nHTTP2-Settings: x\r\nUpgrade: h2c\r\nTE: x\r\nUser-Agent: a\r\nUser-Agent: b\r\nX: \xe9\r\nX: 2\r\n\r\nok',
    );
    const { port } = await secureRouter(origin);
    const { answer } = ask(await http2(port), { ':path': '/' });
    await until(() => answer.ended);
    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    const { 'user-agent': agent, x } = answer.headers;
    expect([agent, x]).toEqual(['a', '\xe9, 2']);
    for (const name of ['proxy-connection', 'http2-settings', 'upgrade', 'te'])
      expect(answer.headers).not.toHaveProperty(name);
  });

  it('that breaks off is a broken stream, and the others go on', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.includes('/broken')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      else socket.write(OK);
    });
    const { port, lines } = await secureRouter(origin);
    const session = await http2(port);
    const broken = ask(session, { ':path': '/broken' }).answer;
    await until(() => broken.ended);
    expect([broken.status, broken.body, broken.code]).toEqual([200, 'half', 2]);
    expect(lines[0]).toContain('code=H18');
    const next = ask(session, { ':path': '/' }).answer;
    await until(() => next.ended);
    expect(next.body).toBe('ok');
  });
});

describe('a request of HTTP/2', () => {
  it('has its trailers, without those that have no place there', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n') && soFar.includes('0\r\n')) socket.write(OK);
    });
    const { port } = await secureRouter(origin);
    const session = await http2(port);
    const stream = session.request(
      { ':authority': 'shop.localhost', ':method': 'POST', ':path': '/' },
      { waitForTrailers: true, endStream: false },
    );
    stream.on('wantTrailers', () =>
      stream.sendTrailers({ 'x-sum': '7', host: 'evil', 'x-forwarded-proto': 'ftp' }),
    );
    stream.end('body');
    await until(() => origin.received[0]?.includes('x-sum: 7\r\n\r\n'));
    expect(origin.received[0]).toMatch(/\r\n4\r\nbody\r\n0\r\nx-sum: 7\r\n\r\n$/);
  });

  it.each([
    ['an authority that is no host', { ':authority': 'shop.localhost/x' }, 400],
    ['an authority with a user', { ':authority': 'me@shop.localhost' }, 400],
    ['a Host that is another', { host: 'other.localhost' }, 400],
    ['a path that is none', { ':path': 'x' }, 400],
    ['a path with a space', { ':path': '/a b' }, 400],
    ['a fragment', { ':path': '/a#b' }, 400],
    ['TRACE', { ':method': 'TRACE' }, 405],
    ['an expectation nobody knows', { expect: 'tea' }, 417],
  ])('with %s is refused, and reaches no dyno', async (_name, headers, status) => {
    const origin = await answering(OK);
    const { port, lines } = await secureRouter(origin);
    const { answer } = ask(await http2(port), { ':path': '/', ...headers });
    await until(() => answer.ended);
    // Some of these nghttp2 refuses itself, with an error of the stream and no answer.
    expect([0, status]).toContain(answer.status);
    expect(answer.status === 0 && answer.code === 0).toBe(false);
    expect(origin.received).toEqual([]);
    if (answer.status !== 0) expect(lines[0]).toContain('code=H26');
  });

  it.each([
    ['longer', '2'],
    ['shorter', '9'],
  ])('whose body is %s than it says is never a whole one for the dyno', async (_name, length) => {
    const origin = await startOrigin(() => undefined);
    const { port } = await secureRouter(origin);
    const headers = { ':method': 'POST', ':path': '/', 'content-length': length };
    const { answer } = ask(await http2(port), headers, 'five!');
    await until(() => answer.ended);
    expect(answer.status).not.toBe(200);
    for (const text of origin.received)
      expect(text.split('\r\n\r\n')[1]?.length).not.toBe(Number(length));
  });

  it('that is reset while it waits with its body is over: H27, and the router goes on', async () => {
    const origin = await answering(OK);
    const { port, lines, router } = await secureRouter(origin);
    router.dynoChanged(webDyno(1, origin.port, { state: 'starting' }));
    const session = await http2(port);
    const stream = session.request({
      ':authority': 'shop.localhost',
      ':method': 'POST',
      ':path': '/',
    });
    stream.on('error', () => undefined);
    stream.write('a beginning');
    await until(() => router.stats('app-1').open === 1);
    stream.close(constants.NGHTTP2_NO_ERROR);
    await until(() => lines.length === 1);
    expect(lines[0]).toContain('code=H27');
    expect(router.stats('app-1').open).toBe(0);
  });

  it('is stopped when it was answered before it was sent', async () => {
    const origin = await startOrigin((socket) => {
      socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno');
    });
    const { port } = await secureRouter(origin);
    const session = await http2(port);
    const stream = session.request({
      ':authority': 'shop.localhost',
      ':method': 'POST',
      ':path': '/',
    });
    stream.on('error', () => undefined).resume();
    stream.write('a beginning');
    await until(() => stream.closed);
    expect(stream.rstCode).toBe(0);
    await until(() => !origin.open);
  });

  it('waits while the client does not read, and flows on when it does', async () => {
    const piece = 'x'.repeat(65_536);
    let sent = 0;
    const origin = await startOrigin((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${piece.length * 300}\r\n\r\n`);
      const more = () => {
        while (sent < 300) {
          sent += 1;
          if (!socket.write(piece)) return;
        }
      };
      socket.on('drain', more);
      more();
    });
    const { port } = await secureRouter(origin);
    const session = await http2(port);
    const stream = session.request({ ':authority': 'shop.localhost', ':path': '/' });
    later(() => stream.destroy());
    let before = -1;
    await until(() => {
      const still = sent === before && sent > 0;
      before = sent;
      return still;
    });
    expect(sent).toBeLessThan(300);
    let read = 0;
    stream.on('data', (bytes: Buffer) => {
      read += bytes.length;
    });
    await until(() => read === piece.length * 300);
  });
});

describe('connections with TLS', () => {
  it('carry WebSockets, on HTTP/1.1', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    later(() => server.close());
    await once(server, 'listening');
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const { port, lines } = await secureRouter(server.address() as AddressInfo);
    const options = { ca, servername: 'shop.localhost', headers: { Host: 'shop.localhost' } };
    const client = new WebSocket(`wss://127.0.0.1:${port}/`, options);
    later(() => client.terminate());
    client.on('open', () => client.send('hello'));
    const [data] = (await once(client, 'message')) as [Buffer];
    expect(String(data)).toBe('hello');
    client.close();
    await until(() => lines.length === 1);
    expect(lines[0]).toMatch(/status=101 .* protocol=http1\.1 tls=true/);
  });

  it('over the limit are told so: H22', async () => {
    const origin = await answering(OK);
    const { port, lines } = await secureRouter(origin, { connections: 1 });
    await http2(port);
    const second = ask(await http2(port), { ':path': '/' }).answer;
    await until(() => second.ended);
    expect(second.status).toBe(503);
    expect(lines[0]).toContain('code=H22');
  });

  it('that stop in their handshake are closed in time', async () => {
    const { port } = await secureRouter(await answering(OK), { headTimeout: 50, tick: 10 });
    const silent = await open(port);
    const stopped = await open(port, '\x16\x03\x01');
    await silent.ends();
    await stopped.ends();
  });

  it('end with H24 when the router cannot wait for them', async () => {
    const origin = await startOrigin(() => undefined);
    const { port, lines, router } = await secureRouter(origin);
    const { answer } = ask(await http2(port), { ':path': '/' });
    const old = await openSecure(port);
    old.send(GET);
    await until(() => origin.received.length === 2);
    await router.close(20);
    await until(() => answer.ended);
    await old.ends();
    expect(lines.map((line) => /code=(\S+)/.exec(line)?.[1])).toEqual(['H24', 'H24']);
  });
});
