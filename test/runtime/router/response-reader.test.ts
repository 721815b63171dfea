import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEROKU_LIMITS } from '../../../src/runtime/router/limits.js';
import { ResponseReader } from '../../../src/runtime/router/response-reader.js';
import { read } from './reading.js';

const KEPT = HEROKU_LIMITS.dynoIdle;

describe('an answer that is whole', () => {
  it.each([
    ['counted', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello', KEPT],
    ['counted as nothing', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '', KEPT],
    ['without a reason', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx', 'x', KEPT],
    [
      'counted twice alike',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
      'x',
      KEPT,
    ],
    [
      'chunked',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;a=b\r\nde\r\n0\r\n\r\n',
      'abcde',
      KEPT,
    ],
    [
      'of a dyno that closes',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
      'x',
      0,
    ],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', 'x', 0],
    [
      'of HTTP/1.0 that is kept',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx',
      'x',
      KEPT,
    ],
    [
      'of a dyno that closes in 3 seconds',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3, max=9\r\nContent-Length: 1\r\n\r\nx',
      'x',
      2000,
    ],
    [
      'with bytes behind it, whose connection is not used again',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n',
      'x',
      0,
    ],
    [
      'chunked with bytes behind it',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore',
      '',
      0,
    ],
  ])('is %s', (_name, bytes, body, idleFor) => {
    expect(read(bytes)).toMatchObject({ status: 200, body, trailers: [], idleFor });
  });

  it.each(['', 'Transfer-Encoding: none-that-we-know\r\n'])(
    'ends with the connection when nothing else tells its end: %j',
    (field) => {
      const bytes = `HTTP/1.1 200 OK\r\n${field}\r\nall of it`;
      expect(read(bytes).trailers).toBeUndefined();
      expect(read(bytes, { end: true })).toMatchObject({
        body: 'all of it',
        trailers: [],
        idleFor: 0,
      });
    },
  );

  it('has trailers, without those that have no place there', () => {
    const bytes =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 9\r\nContent-Length: 3\r\n\r\n';
    expect(read(bytes).trailers).toEqual(['X-Sum', '9']);
  });

  it.each([
    ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 200],
    ['HEAD, chunked', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 200],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
    ['304', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 304],
  ])('to %s has no body', (_name, method, bytes, status) => {
    expect(read(bytes, { method })).toMatchObject({ status, body: '', idleFor: KEPT });
    expect(read(`${bytes}x`, { method })).toMatchObject({ status, body: '', idleFor: 0 });
  });

  it('comes after informational ones, of which 100 is for the router alone', () => {
    const bytes =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx';
    expect(read(bytes)).toMatchObject({ informed: [103], status: 200, body: 'x', idleFor: KEPT });
  });

  it('loses the fields that are for one hop, and those that Connection names', () => {
    const bytes =
      'HTTP/1.1 200 OK\r\nConnection: X-Private, close\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nX: 1\r\nVia: 1.1 app\r\nContent-Length: 0\r\n\r\n';
    expect(read(bytes).fields).toEqual([
      ...['X', '1', 'Server', 'Heroku', 'Via', '1.1 app, 1.1 heroku-router'],
    ]);
  });
});

describe('an answer that is refused', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'H17'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n', 'H17'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'H17'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'H17'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n', 'H17'],
    ['a bare LF', 'HTTP/1.1 200 OK\r\nX: 1\nY: 2\r\n\r\n', 'H17'],
    ['a bare CR', 'HTTP/1.1 200 OK\r\nX: 1\rY: 2\r\n\r\n', 'H17'],
    ['a NUL', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n', 'H17'],
    ['obs-fold', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n', 'H17'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nX : a\r\n\r\n', 'H17'],
    ['a field without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', 'H17'],
    ['a switch nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'H17'],
    ['no end of informational answers', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(101), 'H17'],
    [
      'chunks in another coding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
      'H17',
    ],
    [
      'two codings',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n',
      'H17',
    ],
    ['a coding in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'H17'],
    [
      'a coding and a length',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n',
      'H25 HTTP restriction: invalid content length',
    ],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      'H25 HTTP restriction: invalid content length',
    ],
    [
      'a length that is none',
      'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
      'H25 HTTP restriction: invalid content length',
    ],
    [
      'an endless status line',
      `HTTP/1.1 200 ${'x'.repeat(8200)}\r\n\r\n`,
      'H25 HTTP restriction: oversized status line',
    ],
    [
      'an endless head',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(2 * 524_288)}`,
      'H25 HTTP restriction: oversized header',
    ],
  ])('for %s', (_name, bytes, fault) => {
    const told = read(bytes);
    expect(told.fault).toContain(fault);
    expect(told.status).toBeUndefined();
  });

  it.each([
    ['a chunk without its CR LF', '3\r\nabcXY\r\n'],
    ['a chunk size that is none', 'zz\r\n'],
    ['a bare LF after a chunk size', '3\nabc'],
  ])('is broken by %s', (_name, body) => {
    const told = read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
    expect(told.fault).toContain('H18');
    expect(told.trailers).toBeUndefined();
  });

  it.each([
    ['head', 'HTTP/1.1 200 OK\r\nX'],
    ['counted body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell'],
    ['chunked body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('is broken by the end of the connection in its %s', (_name, bytes) => {
    expect(read(bytes, { end: true }).fault).toContain('H18');
  });
});

describe('however the bytes are cut', () => {
  const whole =
    'HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: \xe9\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 9\r\n\r\n';

  it('the same is read', () => {
    const expected = read(whole);
    expect(expected).toMatchObject({ body: 'hello!', trailers: ['X-Sum', '9'], idleFor: KEPT });
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        expect(read(whole, { cuts })).toEqual(expected);
      }),
    );
  });

  it('an answer ends once, whatever comes', () => {
    const piece = fc.constantFrom(
      ...['HTTP/1.1 200 OK', '\r\n', '\n', '\r\n\r\n', 'Content-Length: 3', 'abc', '3', '0', ': '],
      ...['Transfer-Encoding: chunked', 'HTTP/1.1 100 Continue\r\n\r\n', 'Connection: close', '\0'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let ends = 0;
        const reader = new ResponseReader('GET', HEROKU_LIMITS, {
          informed: () => undefined,
          headCame: () => undefined,
          pieceCame: () => expect(ends).toBe(0),
          whole: () => {
            ends += 1;
          },
          broken: () => {
            ends += 1;
          },
        });
        for (const text of ['HTTP/1.1 200 OK\r\n', ...pieces]) reader.feed(Buffer.from(text));
        reader.end();
        expect(ends).toBe(1);
      }),
    );
  });
});
