/** What a dyno reads is what the router logged: with Node's own server, strict and lenient, as the dyno. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { later, open, startRouter, until } from './support.js';

type ParseError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/** A head as the router writes it, with a method that Node does not know. */
function isStrangeMethod({ code, rawPacket }: ParseError): boolean {
  const ours = /^[!-~]+ \S+ HTTP\/1\.1\r\nHost: .*\r\nVia: 1\.[01] heroku-router\r\n/s;
  return code === 'HPE_INVALID_METHOD' && ours.test(String(rawPacket));
}

/** A dyno that notes the router's id of each request that it reads, and what it could not read. */
async function startDyno(insecureHTTPParser: boolean) {
  const seen: string[] = [];
  const faults: string[] = [];
  const server = createServer(
    { insecureHTTPParser, requireHostHeader: false, keepAliveTimeout: 0 },
    (request, response) => {
      seen.push(String(request.headers['x-request-id']));
      request.on('error', () => undefined).resume();
      request.on('end', () => response.end('ok'));
    },
  );
  server.on('clientError', (error: ParseError, socket) => {
    if (!isStrangeMethod(error)) faults.push(error.code ?? error.message);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => server.close());
  return { port: (server.address() as AddressInfo).port, seen, faults };
}

const HOST = 'Host: shop.localhost\r\n';
const HIDDEN = `GET /hidden HTTP/1.1\r\n${HOST}X-Hidden: 1\r\n\r\n`;
const SIZE = HIDDEN.length.toString(16);

/** Requests that HTTP allows, most with another one in their bodies. */
const WELL = fc.constantFrom(
  `GET / HTTP/1.1\r\n${HOST}\r\n`,
  `GET http://shop.localhost/x HTTP/1.1\r\n${HOST}\r\n`,
  `GET / HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${SIZE}\r\n${HIDDEN}\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${SIZE};a=b\r\n${HIDDEN}\r\n0\r\nX-Sum: 1\r\n\r\n`,
  `GET / HTTP/1.1\r\n${HOST}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `PUT / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
);

/** What makes two readers see different requests. */
const NASTY = fc.constantFrom(
  ...['\r', '\n', '\r\n', '\0', ' ', '\t', ':', ',', ';', '0', '1', '-', '+', '"', '\x0b', '\x85'],
  ...['\xa0', '\r\n\r\n', '\n\n', '\r\n ', '0\r\n\r\n', HIDDEN],
  ...['Transfer-Encoding: chunked\r\n', 'Transfer-Encoding:chunked\r\n', 'Content-Length: 0\r\n'],
  ...['Transfer-Encoding : chunked\r\n', 'Transfer-Encoding: x\r\n chunked\r\n'],
  ...['Transfer-Encoding: identity\r\n', 'Transfer_Encoding: chunked\r\n', 'Content-Length: 5\r\n'],
  ...['Transfer-Encoding: chunked, identity\r\n', 'Connection: content-length\r\n'],
  ...['Connection: transfer-encoding, host\r\n', 'Content-Length:\r\n', 'Expect: 100-continue\r\n'],
);

interface Wound {
  readonly at: number;
  readonly cut: number;
  readonly text: string;
}

const WOUND = fc.record<Wound>({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.integer({ min: 0, max: 2 }),
  text: fc.oneof(NASTY, fc.constant('')),
});

const BYTES = fc
  .tuple(fc.array(WELL, { minLength: 1, maxLength: 3 }), fc.array(WOUND, { maxLength: 3 }))
  .map(([requests, wounds]) => wounds.reduce(wounded, requests.join('')));

/** Most wounds near the start of a line: that is where framing is decided. */
function wounded(text: string, { at, cut, text: put }: Wound): string {
  const starts = [...text.matchAll(/\r\n|: | /g)].map(({ index }) => index + 2);
  const place = starts[Math.floor(at * starts.length)] ?? Math.floor(at * text.length);
  return text.slice(0, place) + put + text.slice(place + cut);
}

/** A body that was given up; and letters beyond ASCII in a path, which other servers take. */
const HARMLESS = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE', 'HPE_INVALID_URL']);

describe('bytes that two readers may understand differently', () => {
  it.each([
    ['lenient', true],
    ['strict', false],
  ])('are for a %s dyno the requests that the router logged', async (_name, lenient) => {
    const dyno = await startDyno(lenient);
    const running = await startRouter([dyno.port], {
      limits: { headTimeout: 20, idle: 20, clientIdle: 20, tick: 5 },
    });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(BYTES, { minLength: 40, maxLength: 40 }), async (sequences) => {
        dyno.seen.length = 0;
        running.lines.length = 0;
        const clients = await Promise.all(sequences.map((bytes) => open(running.port, bytes)));
        await Promise.all(clients.map((client) => client.ends()));
        await until(() => running.router.stats('app-1').open === 0);
        const lines = running.lines.filter((line) => line.includes('dyno=web.1'));
        const logged = new Set(lines.map((line) => /request_id=(\S+)/.exec(line)![1]));
        expect(dyno.seen.filter((id) => !logged.has(id))).toEqual([]);
        expect(new Set(dyno.seen).size).toBe(dyno.seen.length);
        accepted += logged.size;
      }),
      { numRuns: 8 },
    );
    expect(accepted).toBeGreaterThan(50);
    expect(dyno.faults.filter((code) => !HARMLESS.has(code))).toEqual([]);
  });
});
