/**
 * The ports of the dynos: `heroku local`'s scheme, base + 100 by type + 1 by instance, where a
 * taken one is skipped.
 */
import { createServer } from 'node:net';
import { isSystemError } from '../../errors.js';

const PER_TYPE = 100;
const HIGHEST = 65_535;
const LOWEST = 1024;

/**
 * @param base port of the first instance of the first type
 * @param index place of the type in the Procfile, from 0
 * @param instance the number behind the dot, from 1
 * @returns the port that the scheme names; past 65,535 it goes on from 1024
 */
export function nominalPort(base: number, index: number, instance: number): number {
  return inRange(base + PER_TYPE * index + instance - 1);
}

/** A port that is held for a dyno until `release` is called. */
export interface PortLease {
  readonly port: number;
  /** Ports before it that another program listens on. */
  readonly taken: readonly number[];
  release(): void;
}

/** All ports that the dynos of one engine hold. */
export class Ports {
  readonly #held = new Set<number>();
  readonly #reserved: ReadonlySet<number>;

  /** @param reserved ports that dynos never get, without a word about it: the router's own */
  constructor(reserved: readonly number[] = []) {
    this.#reserved = new Set(reserved);
  }

  /** Finds the first port from `nominal` on that no dyno holds and nobody listens on. */
  async lease(nominal: number): Promise<PortLease> {
    const taken: number[] = [];
    for (let port = nominal; ; port = inRange(port + 1)) {
      if (this.#held.has(port) || this.#reserved.has(port)) continue;
      this.#held.add(port);
      if (await isFree(port)) {
        return { port, taken, release: () => this.#held.delete(port) };
      }
      this.#held.delete(port);
      taken.push(port);
    }
  }
}

/** @returns false when somebody listens on this port, on any address of this machine */
export async function isFree(port: number): Promise<boolean> {
  // Linux refuses the wildcard when any address is taken; macOS and BSD only the same address. No
  // host is the wildcard too, and the only one for which Node does not load its resolver.
  const hosts = process.platform === 'linux' ? [undefined] : [undefined, '127.0.0.1', '::1'];
  for (const host of hosts) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Where no more files may be open no port can be tried, and the start itself says so.
    const passed = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE'];
    server.once('error', (error) => resolve(isSystemError(error, ...passed)));
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

function inRange(port: number): number {
  return port <= HIGHEST ? port : LOWEST + ((port - LOWEST) % (HIGHEST - LOWEST + 1));
}
