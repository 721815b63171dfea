import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Authority } from '../../../src/runtime/router/authority.js';
import { ask, http2, openSecure, secureRouter } from './secure.js';
import { answering, GET, later, OK, open, startOrigin, until } from './support.js';

describe('the authority', () => {
  it('keeps its key for its user alone, and is the same when it is opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paas-authority-'));
    later(() => rmSync(folder, { recursive: true }));
    await Authority.open(folder);
    const first = readFileSync(join(folder, 'root.crt'), 'utf8');
    await Authority.open(folder);
    expect(readFileSync(join(folder, 'root.crt'), 'utf8')).toBe(first);
    expect(statSync(join(folder, 'root.key')).mode & 0o777).toBe(0o600);
  });
});

describe('a router with TLS', () => {
  it('speaks HTTP/1.1, with a certificate for the name that is asked for', async () => {
    const origin = await answering(OK);
    const { port, lines } = await secureRouter(origin);
    const client = await openSecure(port);
    client.send(GET);
    await client.receives('ok');
    expect(origin.received[0]).toMatch(/X-Forwarded-Proto: https\r\n/);
    await until(() => lines.length === 1);
    expect(lines[0]).toMatch(/ protocol=http1\.1 tls=true tls_version=tls1\.3$/);
  });

  it('speaks HTTP/2: authority to Host, cookies joined, fields of the connection gone', async () => {
    const origin = await answering(
      'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n',
    );
    const { port, lines } = await secureRouter(origin);
    const { answer } = ask(await http2(port), {
      ':path': '/x?y',
      cookie: ['c=1', 'd=2'],
      te: 'trailers',
    });
    await until(() => answer.ended);
    expect(answer).toMatchObject({ status: 200, body: 'ok', trailers: { 'x-sum': '7' } });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers).not.toHaveProperty('x-hop');
    expect(answer.headers).not.toHaveProperty('keep-alive');
    const received = origin.received[0]!;
    expect(received).toMatch(/^GET \/x\?y HTTP\/1\.1\r\nhost: shop\.localhost\r\n/i);
    expect(received).toMatch(/cookie: c=1; d=2\r\n/);
    expect(received).toMatch(/Via: 2\.0 heroku-router\r\n/);
    expect(received).not.toMatch(/^te:|^:/im);
    await until(() => lines.length === 1);
    expect(lines[0]).toMatch(
      /^at=info method=GET path="\/x\?y" host=shop\.localhost .* protocol=http2\.0 tls=true tls_version=tls1\.3$/,
    );
  });

  it('carries bodies of HTTP/2, and many requests at once', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (/\r\n\r\n.*five!(\r\n0\r\n\r\n)?$/s.test(soFar)) socket.write(OK);
    });
    const { port } = await secureRouter(origin);
    const session = await http2(port);
    const asked = Array.from({ length: 20 }, () =>
      ask(session, { ':method': 'POST', ':path': '/' }, 'five!'),
    );
    await until(() => asked.every(({ answer }) => answer.ended));
    expect(asked.map(({ answer }) => answer.body)).toEqual(asked.map(() => 'ok'));
    const counted = ask(
      session,
      { ':method': 'POST', ':path': '/', 'content-length': '5' },
      'five!',
    );
    await until(() => counted.answer.ended);
    expect(origin.received.at(-1)! + origin.received.join('')).toMatch(/content-length: 5\r\n/i);
  });

  it('leaves the dyno when a stream is cancelled', async () => {
    const origin = await startOrigin(() => undefined);
    const { port, lines } = await secureRouter(origin);
    const { stream } = ask(await http2(port), { ':path': '/' });
    await until(() => origin.received.length === 1);
    stream.close(8);
    await until(() => !origin.open);
    expect(lines[0]).toContain('code=H27');
  });

  it('refuses a host that the certificate is not for: H31', async () => {
    const origin = await answering(OK);
    const { port, lines } = await secureRouter(origin);
    const { answer } = ask(await http2(port), { ':path': '/', ':authority': 'other.localhost' });
    await until(() => answer.ended);
    expect(answer.status).toBe(421);
    expect(lines[0]).toMatch(/code=H31 desc="Misdirected Request" agent=""/);
    expect(origin.received).toEqual([]);
  });

  it('sends plain HTTP to the same place under https', async () => {
    const { port } = await secureRouter(await answering(OK));
    const client = await open(port, `GET /a?b HTTP/1.1\r\nHost: shop.localhost:${port}\r\n\r\n`);
    expect(await client.receives('\r\n\r\n')).toMatch(
      new RegExp(`^HTTP/1\\.1 307 .*Location: https://shop\\.localhost:${port}/a\\?b\r\n`, 's'),
    );
  });
});
