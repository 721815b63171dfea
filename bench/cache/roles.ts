/** What the measured processes of our own do. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpCache } from '../../src/runtime/cache/cache.js';
import type { Dyno } from '../../src/runtime/model.js';
import { Router } from '../../src/runtime/router/router.js';
import { BODIES, SIZES } from './sizes.js';

/**
 * Starts one: `dyno` answers, `router` stands before the dyno at the port given, `bare` sends the header
 * lines given for each size.
 * @returns the port
 */
export async function play(role: string, given: readonly unknown[]): Promise<number> {
  if (role === 'router') return startRouter(Number(given[0]));
  const bodies = SIZES.map((size) => Buffer.alloc(BODIES[size], 'x'));
  const headers = given as string[][];
  const server = http.createServer((request, response) => {
    const at = request.url!.endsWith('1') ? 0 : 1;
    if (role === 'bare') response.writeHead(200, headers[at]);
    else {
      const control = request.url!.startsWith('/hit') ? 'max-age=3600' : 'no-store';
      response.writeHead(200, { 'Cache-Control': control, 'Content-Length': bodies[at]!.length });
    }
    response.end(bodies[at]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function startRouter(dynoPort: number): Promise<number> {
  const router = new Router({ log: () => {}, cache: new HttpCache() });
  router.setApp({
    id: 'bench',
    name: 'bench',
    hosts: [],
    maintenance: false,
    features: { 'http-cache': true },
    webQuantity: 1,
    blank: false,
    onlyApp: true,
  });
  router.dynoChanged(dynoAt(dynoPort));
  const { port } = await router.listen({ host: '127.0.0.1', port: 0 });
  return port;
}

function dynoAt(port: number): Dyno {
  return {
    id: 'dyno',
    app: 'bench',
    type: 'web',
    slot: 1,
    name: 'web.1',
    command: '',
    size: 'Eco',
    release: 1,
    status: { state: 'up' },
    address: { host: '127.0.0.1', port },
    port,
    restarts: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}
