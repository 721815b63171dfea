/** Frames of HTTP/2, byte by byte, that would be two requests, or another one, in HTTP/1.1. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ca, secureRouter } from './secure.js';
import { answering, later, OK, until } from './support.js';

type Fields = readonly (readonly [name: string, value: string])[];

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const END_STREAM = 0x1;
const END_HEADERS = 0x4;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK: literals without indexing and without Huffman codes (RFC 7541 section 6.2.2). */
function encode(fields: Fields): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  };
  return Buffer.concat(
    fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]),
  );
}

/** Sends one request. @returns the status, 0 where the stream or the connection was refused */
async function send(port: number, fields: Fields, body = ''): Promise<number> {
  const options = { ca, servername: 'shop.localhost', ALPNProtocols: ['h2'] };
  const socket = connect({ port, host: '127.0.0.1', ...options });
  later(() => socket.destroy());
  socket.on('error', () => undefined);
  let received = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
  });
  let closed = 'no';
  socket.on('close', () => {
    closed = 'yes';
  });
  await once(socket, 'secureConnect');
  socket.write(Buffer.concat([PREFACE, frame(4, 0, 0, Buffer.alloc(0))]));
  const flags = END_HEADERS | (body === '' ? END_STREAM : 0);
  socket.write(frame(1, flags, 1, encode(fields)));
  if (body !== '') socket.write(frame(0, END_STREAM, 1, Buffer.from(body)));
  let status = -1;
  const look = () => {
    for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
      const type = received[at + 3];
      if (type === 1) status = statusOf(received.subarray(at + 9));
      else if ((type === 3 || type === 7) && status === -1) status = 0; // RST_STREAM, GOAWAY
    }
    return status !== -1 || closed === 'yes';
  };
  await until(look);
  return Math.max(0, status);
}

/** Status of a header block: an indexed field (RFC 7541 appendix A), or a literal of three digits. */
function statusOf(block: Buffer): number {
  const indexed = [200, 204, 206, 304, 400, 404, 500][block[0]! - 0x88];
  return indexed ?? Number(/[1-5]\d\d/.exec(block.toString('latin1'))?.[0] ?? 1);
}

const PLAIN: Fields = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/'],
  [':authority', 'shop.localhost'],
];
const without = (name: string) => PLAIN.filter(([other]) => other !== name);
const INJECTED = 'x\r\n\r\nGET /hidden HTTP/1.1\r\nHost: shop.localhost\r\n\r\n';

/** nghttp2 leaves such a field out, and goes on with the rest. */
const DROPPED: readonly [string, Fields][] = [
  ['a request in a value', [...PLAIN, ['x', INJECTED]]],
  ['a LF in a value', [...PLAIN, ['x', 'a\nb: c']]],
  ['a CR in a value', [...PLAIN, ['x', 'a\rb: c']]],
  ['a NUL in a value', [...PLAIN, ['x', 'a\0b']]],
  ['a field in a name', [...PLAIN, ['x: y\r\nhost', 'evil']]],
  ['a colon in a name', [...PLAIN, ['x:y', 'z']]],
  ['a space in a name', [...PLAIN, ['content-length ', '5']]],
];

const REFUSED: readonly [string, Fields, string?][] = [
  ['a capital letter in a name', [...PLAIN, ['X', 'y']]],
  ['a request in the path', [...without(':path'), [':path', `/ HTTP/1.1\r\n${INJECTED}`]]],
  ['a space in the path', [...without(':path'), [':path', '/ HTTP/1.1']]],
  ['a request line in the method', [...without(':method'), [':method', 'GET / HTTP/1.1\r\nX:']]],
  [
    'a field in the authority',
    [...without(':authority'), [':authority', 'shop.localhost\r\nX: y']],
  ],
  ['Transfer-Encoding', [...PLAIN, ['transfer-encoding', 'chunked']], '0\r\n\r\n'],
  ['Connection', [...PLAIN, ['connection', 'content-length']]],
  ['Upgrade', [...PLAIN, ['upgrade', 'websocket']]],
  ['two Content-Lengths', [...PLAIN, ['content-length', '3'], ['content-length', '5']], 'abc'],
  ['a Content-Length that is none', [...PLAIN, ['content-length', '+3']], 'abc'],
  ['a Content-Length that is too small', [...PLAIN, ['content-length', '1']], 'abc'],
  ['two Hosts', [...PLAIN, ['host', 'evil'], ['host', 'shop.localhost']]],
  ['a pseudo-field after another', [...without(':path'), ['x', 'y'], [':path', '/']]],
  ['two paths', [...PLAIN, [':path', '/hidden']]],
  ['no path', without(':path')],
  ['no method', without(':method')],
];

describe('a request of HTTP/2 with', () => {
  it.each(REFUSED)('%s reaches no dyno', async (_name, fields, body) => {
    const origin = await answering(OK);
    const { port } = await secureRouter(origin);
    expect([0, 400]).toContain(await send(port, fields, body));
    expect(origin.received.join('')).toBe('');
  });

  it.each(DROPPED)('%s loses it on the way', async (_name, fields) => {
    const origin = await answering(OK);
    const { port } = await secureRouter(origin);
    await send(port, fields);
    const [head = '', ...more] = origin.received.join('').split('\r\n\r\n');
    expect(more.join('')).toBe('');
    for (const line of head.split('\r\n').slice(1))
      expect(line).toMatch(/^(Host|X-Forwarded-(For|Proto|Port)|X-Request-(Id|Start)|Via): /);
  });

  it('nothing wrong with it reaches one', async () => {
    const origin = await answering(OK);
    const { port } = await secureRouter(origin);
    expect(await send(port, [...PLAIN, ['x', 'y']])).toBe(200);
    expect(origin.received[0]).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: shop\.localhost\r\nx: y\r\n/);
  });
});
