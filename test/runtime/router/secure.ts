/** A router with TLS for the tests, and clients that trust it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  type IncomingHttpHeaders,
} from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { beforeAll } from 'vitest';
import { Authority } from '../../../src/runtime/router/authority.js';
import type { RouterLimits } from '../../../src/runtime/router/limits.js';
import { Router } from '../../../src/runtime/router/router.js';
import { later, type Origin, RawClient, SHOP, until, webDyno } from './support.js';

let authority: Authority;
/** The authority's certificate, PEM. */
export let ca: string;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paas-authority-'));
  authority = await Authority.open(folder);
  ca = readFileSync(authority.certificateFile, 'utf8');
  return () => rmSync(folder, { recursive: true });
});

/** A router with `shop` and one dyno. */
export async function secureRouter(
  origin: Pick<Origin, 'port'>,
  limits: Partial<RouterLimits> = {},
) {
  const lines: string[] = [];
  const router = new Router({ log: ({ text }) => lines.push(text), limits });
  router.setApp(SHOP);
  router.dynoChanged(webDyno(1, origin.port));
  const { port } = await router.listen({ host: '127.0.0.1', port: 0, tls: authority });
  later(() => router.close(0));
  return { port, lines, router };
}

/** A session of HTTP/2 for shop.localhost. */
export async function http2(port: number): Promise<ClientHttp2Session> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca, servername: 'shop.localhost' });
  later(() => session.destroy());
  await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
  return session;
}

/** Sends a request, and notes what comes back. */
export function ask(
  session: ClientHttp2Session,
  headers: Record<string, string | string[]>,
  body?: string,
) {
  const stream = session.request({ ':authority': 'shop.localhost', ...headers });
  const answer = {
    status: 0,
    headers: {} as IncomingHttpHeaders,
    body: '',
    trailers: {} as IncomingHttpHeaders,
    ended: false,
    /** Why the stream closed; 0 for no error. */
    code: 0,
  };
  stream.on('response', (response) => {
    answer.status = response[':status'] ?? 0;
    answer.headers = response;
  });
  stream.on('trailers', (trailers) => {
    answer.trailers = trailers;
  });
  stream.on('data', (piece) => {
    answer.body += String(piece);
  });
  stream.on('error', () => undefined);
  stream.on('close', () => {
    answer.ended = true;
    answer.code = stream.rstCode ?? 0;
  });
  stream.end(body);
  return { stream, answer };
}

/** A connection of HTTP/1.1 that writes bare bytes. */
export async function openSecure(port: number): Promise<RawClient> {
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    ca,
    servername: 'shop.localhost',
    ALPNProtocols: ['http/1.1'],
  });
  later(() => socket.destroy());
  const client = new RawClient(socket);
  await until(() => socket.authorized);
  return client;
}
