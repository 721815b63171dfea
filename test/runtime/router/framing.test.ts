import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answering, GET, OK, open, startOrigin, startRouter, until } from './support.js';

const HOST = 'Host: shop.localhost\r\n';
const POST = `POST / HTTP/1.1\r\n${HOST}`;

/** Bytes that two readers may understand differently. */
const REFUSED: readonly [string, string][] = [
  ['a bare LF after the request line', `GET / HTTP/1.1\n${HOST}\r\n`],
  ['bare LFs only', 'GET / HTTP/1.1\nHost: shop.localhost\n\n'],
  ['a bare LF before the request line', `\n${GET}`],
  ['a bare LF after a field', `GET / HTTP/1.1\r\nHost: shop.localhost\nX: 1\r\n\r\n`],
  ['a head that ends with CR LF LF', `GET / HTTP/1.1\r\n${HOST}X: 1\r\n\nGET / HTTP/1.1\r\n\r\n`],
  ['a head that ends with CR LF CR', `GET / HTTP/1.1\r\n${HOST}\rX: 1\r\n\r\n`],
  ['a bare CR in a value', `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`],
  ['a NUL in a value', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
  ['a vertical tab in a value', `GET / HTTP/1.1\r\n${HOST}X: a\x0bb\r\n\r\n`],
  ['obs-fold', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : shop.localhost\r\n\r\n'],
  ['a space before the first field', `GET / HTTP/1.1\r\n ${HOST}\r\n`],
  ['a field without a name', `GET / HTTP/1.1\r\n${HOST}: x\r\n\r\n`],
  ['a field without a colon', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`],
  ['a field name that is no token', `GET / HTTP/1.1\r\n${HOST}X(: 1\r\n\r\n`],
  ['two Hosts', `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`],
  ['no Host', 'GET / HTTP/1.1\r\nX: 1\r\n\r\n'],
  ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: shop.localhost/x\r\n\r\n'],
  ['two spaces in the request line', `GET  / HTTP/1.1\r\n${HOST}\r\n`],
  ['a space after the version', `GET / HTTP/1.1 \r\n${HOST}\r\n`],
  ['a tab for a space', `GET\t/ HTTP/1.1\r\n${HOST}\r\n`],
  ['HTTP/0.9', `GET /\r\n${HOST}\r\n`],
  ['another protocol', `GET / ICE/1.0\r\n${HOST}\r\n`],
  ['a target without a slash', `GET foo HTTP/1.1\r\n${HOST}\r\n`],
  ['a fragment in the target', `GET /#a HTTP/1.1\r\n${HOST}\r\n`],
  ['an asterisk for GET', `GET * HTTP/1.1\r\n${HOST}\r\n`],
  [
    'Content-Length with Transfer-Encoding',
    `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'Transfer-Encoding with Content-Length',
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ],
  ['two Content-Lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc`],
  ['two equal Content-Lengths', `${POST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
  ['a list as Content-Length', `${POST}Content-Length: 3, 3\r\n\r\nabc`],
  ['a sign before Content-Length', `${POST}Content-Length: +3\r\n\r\nabc`],
  ['an empty Content-Length', `${POST}Content-Length: \r\n\r\n`],
  ['an endless Content-Length', `${POST}Content-Length: 99999999999999999999\r\n\r\n`],
  [
    'two Transfer-Encodings',
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['another transfer coding', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  [
    'a transfer coding that looks like chunked',
    `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  ],
  ['chunked in HTTP/1.0', `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a chunk size with 0x', `${POST}Transfer-Encoding: chunked\r\n\r\n0x1\r\nX\r\n0\r\n\r\n`],
  ['a negative chunk size', `${POST}Transfer-Encoding: chunked\r\n\r\n-1\r\nX\r\n0\r\n\r\n`],
  [
    'an endless chunk size',
    `${POST}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nX\r\n0\r\n\r\n`,
  ],
  ['a bare LF after a chunk size', `${POST}Transfer-Encoding: chunked\r\n\r\n1\nX\r\n0\r\n\r\n`],
  [
    'a bare LF in a chunk extension',
    `${POST}Transfer-Encoding: chunked\r\n\r\n1;a\nX\r\n0\r\n\r\n`,
  ],
  ['a chunk longer than its size', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\nXY\r\n0\r\n\r\n`],
  [
    'a trailer that is no field',
    `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n`,
  ],
];

describe('a request with', () => {
  it.each(REFUSED)('%s is 400, closes the connection and reaches no dyno', async (_name, bytes) => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, bytes);
    expect(await client.ends()).toMatch(/^HTTP\/1\.1 400 .*Connection: close/s);
    expect(origin.received).toEqual([]);
    expect(await running.line()).toMatch(
      /^at=error code=H26 desc="Request Error" cause="bad (header|chunk)" .*status=400/,
    );
  });

  it.each([
    ['CONNECT', 'CONNECT shop.localhost:80 HTTP/1.1\r\nHost: shop.localhost\r\n\r\n', 405],
    ['TRACE', `TRACE / HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['HTTP/2.0 in its line', `GET / HTTP/2.0\r\n${HOST}\r\n`, 505],
    [
      'an expectation nobody knows',
      `POST / HTTP/1.1\r\n${HOST}Expect: tea\r\nContent-Length: 1\r\n\r\nx`,
      417,
    ],
    ['a request line over 8,192 bytes', `GET /${'a'.repeat(8200)} HTTP/1.1\r\n${HOST}\r\n`, 414],
    ['an endless request line', `GET /${'a'.repeat(20_000)}`, 414],
    [
      'a header line over 8,192 bytes',
      `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(8200)}\r\n\r\n`,
      400,
    ],
    [
      'a field name over 1,000 bytes',
      `GET / HTTP/1.1\r\n${HOST}${'a'.repeat(1001)}: 1\r\n\r\n`,
      400,
    ],
    ['over 1,000 fields', `GET / HTTP/1.1\r\n${HOST}${'a: 1\r\n'.repeat(1000)}\r\n`, 400],
    ['a method over 127 characters', `${'M'.repeat(128)} / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ])('%s gets its own status', async (_name, bytes, status) => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, bytes);
    expect(await client.ends()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(origin.received).toEqual([]);
  });
});

describe('what HTTP allows', () => {
  it.each([
    ['an empty line before the request', `\r\n${GET}`, /^GET \/ HTTP/],
    ['a method of its own', `MKCOL /x HTTP/1.1\r\n${HOST}\r\n`, /^MKCOL \/x HTTP/],
    ['1,000 fields', `GET / HTTP/1.1\r\n${HOST}${'a: 1\r\n'.repeat(999)}\r\n`, /a: 1/],
    [
      'an absolute target, whose host counts',
      'GET http://shop.localhost/x?y HTTP/1.1\r\nHost: other\r\n\r\n',
      /^GET \/x\?y HTTP\/1\.1\r\nhost: shop\.localhost\r\n/i,
    ],
    [
      'bytes over 127 in a path and a value',
      `GET /\xc3\xa9 HTTP/1.1\r\n${HOST}X: \xc3\xa0\r\n\r\n`,
      /^GET \/\xc3\xa9 .*X: \xc3\xa0\r\n/s,
    ],
  ])('passes: %s', async (_name, bytes, expected) => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, bytes);
    expect(await client.receives('ok')).toMatch(/^HTTP\/1\.1 200 /);
    expect(origin.received[0]).toMatch(expected);
  });

  it('answers pipelined requests in order, one after the other', async () => {
    const origin = await startOrigin((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n')) {
        const path = /.*GET \/(\d+) /s.exec(soFar)![1]!;
        setImmediate(() =>
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length + 2}\r\n\r\n<${path}>`),
        );
      }
    });
    const running = await startRouter([origin.port]);
    const requests = Array.from(
      { length: 50 },
      (_, index) => `GET /${index} HTTP/1.1\r\n${HOST}\r\n`,
    );
    const client = await open(running.port, requests.join(''));
    const text = await client.receives('<49>');
    expect(text.match(/<\d+>/g)).toEqual(requests.map((_, index) => `<${index}>`));
    expect(origin.received).toHaveLength(1);
  });
});

describe('whatever bytes come', () => {
  it('a dyno never gets more requests than the router logged as accepted', async () => {
    const origin = await startOrigin((socket) => socket.end(OK));
    const running = await startRouter([origin.port], {
      limits: { headTimeout: 50, tick: 10, idle: 50 },
    });
    const piece = fc.constantFrom(
      'GET / HTTP/1.1',
      'POST /x HTTP/1.1',
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      ' ',
      '\t',
      '\0',
      ':',
      'Host: shop.localhost',
      'Content-Length: 4',
      'Content-Length: 0',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: identity',
      '0',
      '4',
      'abcd',
      'GET /smuggled HTTP/1.1',
      ';ext',
    );
    const tail = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(tail, async (bytes) => {
        origin.received.length = 0;
        running.lines.length = 0;
        const client = await open(running.port, `POST / HTTP/1.1\r\n${HOST}${bytes}`);
        client.socket.end();
        await client.ends();
        await until(() => running.router.stats('app-1').open === 0);
        const heads = origin.received.join('').match(/ HTTP\/1\.1\r\nhost: /gi) ?? [];
        const accepted = running.lines.filter((line) => line.includes('dyno=web.1'));
        expect(heads.length).toBeLessThanOrEqual(accepted.length);
        for (const text of origin.received)
          expect(
            text.match(/^(GET|POST) [^\r\n]* HTTP\/1\.1\r$/gm)?.length ?? 0,
          ).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});
