/** What the measured processes of Node do. */
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';
import { HttpCache } from '../../src/runtime/cache/cache.js';
import type { Dyno } from '../../src/runtime/model.js';
import { Router } from '../../src/runtime/router/router.js';

/** @returns the port on which the role listens */
export function play(role: string, origins: readonly number[]): Promise<number> {
  if (role === 'stream') return playStream();
  return role === 'paas' ? playRouter(origins) : playHttpProxy(origins);
}

/** An origin whose answer has as many bytes as its path says, as fast as they are taken. */
async function playStream(): Promise<number> {
  const piece = Buffer.alloc(65_536, 'x');
  const server = createServer((request, response) => {
    let left = Number(request.url!.slice(1));
    const more = () => {
      while (left > 0) {
        left -= piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on('drain', more);
    more();
  });
  return listening(server);
}

/** Our router as `local start` runs it: the cache on, every line made. */
async function playRouter(origins: readonly number[]): Promise<number> {
  let written = 0;
  const router = new Router({
    log: ({ text }) => {
      written += text.length;
    },
    cache: new HttpCache(),
    limits: { inFlightPerDyno: 10_000 },
  });
  router.setApp({
    id: 'bench',
    name: 'bench',
    hosts: [],
    maintenance: false,
    features: { 'http-cache': true },
    webQuantity: origins.length,
    blank: false,
    onlyApp: true,
  });
  for (const [index, port] of origins.entries()) router.dynoChanged(dynoAt(port, index + 1));
  process.on('exit', () => written);
  return (await router.listen({ host: '127.0.0.1', port: 0 })).port;
}

/** http-proxy as node-foreman's forward uses it, with the keep-alive agent that it lacks there. */
async function playHttpProxy(origins: readonly number[]): Promise<number> {
  const proxy = createProxyServer({ agent: new Agent({ keepAlive: true }), xfwd: true });
  proxy.on('error', (_error, _request, response) => response.end());
  let turn = 0;
  const server = createServer((request, response) => {
    turn = (turn + 1) % origins.length;
    proxy.web(request, response, { target: `http://127.0.0.1:${origins[turn]}` });
  });
  return listening(server);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return (server.address() as AddressInfo).port;
}

function dynoAt(port: number, slot: number): Dyno {
  return {
    id: `dyno-${slot}`,
    app: 'bench',
    type: 'web',
    slot,
    name: `web.${slot}`,
    command: '',
    size: 'Standard-1X',
    release: 1,
    status: { state: 'up' },
    address: { host: '127.0.0.1', port },
    restarts: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}
