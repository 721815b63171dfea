/** Ports of servers: kept from start to start, so that a bookmark in a database tool stays right. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { isSystemError, PlatformError } from '../../errors.js';

/** Below what systems give to outgoing connections (Linux from 32768, others from 49152). */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 50;

/** A port of this machine that nobody listens on, chosen at random. @throws PlatformError unavailable */
export async function freePort(): Promise<number> {
  for (let left = TRIES; left > 0; left -= 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new PlatformError('unavailable', 'No port is free for a server. Stop other programs.');
}

/** The port if it can be had now, else another. */
export async function portOr(wanted: number): Promise<number> {
  return (await isFree(wanted)) ? wanted : freePort();
}

/** True when both addresses of this machine can be listened on; one that it lacks does not count. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve(isSystemError(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT') && host === '::1'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
