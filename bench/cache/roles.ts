/** What the measured processes of our own do. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpCache } from '../../src/runtime/cache/cache.js';
import { startFront } from '../../test/runtime/cache/front.js';
import { BODIES, SIZES } from './sizes.js';

/**
 * Starts one: `dyno` answers, `cache` stands before the dyno at the port given, `bare` sends the header
 * lines given for each size.
 * @returns the port
 */
export async function play(role: string, given: readonly unknown[]): Promise<number> {
  if (role === 'cache') {
    const front = await startFront({ cache: new HttpCache(), origin: () => Number(given[0]) });
    return front.port;
  }
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
