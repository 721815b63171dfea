/** Tells when a web dyno listens on its port. One look serves all dynos that are starting. */
import { connect } from 'node:net';
import type { Address } from '../../model.js';
import { listeningPorts } from './listening.js';
import { pause } from './patience.js';

const EAGER_FOR = 1_000;
const EAGER_INTERVAL = 10;
const PATIENT_INTERVAL = 50;
/** A look with connections disturbs the programs, so it is rarer. */
const CONNECT_INTERVAL = 100;

const HTTP_INTERVAL = 100;
/** A look that is not answered for so long (ms) is made again. */
const HTTP_PATIENCE = 5_000;

interface Waiter {
  readonly port: number;
  readonly since: number;
  readonly found: (address: Address) => void;
}

/** Looks at the ports of the dynos that are starting, and at nothing when none is. */
export class Readiness {
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param path has to answer 2xx or 3xx too; undefined when a bound port is enough
   * @param signal ends the wait: the promise then never settles
   * @returns where the port is bound: `127.0.0.1` or `::1`
   */
  async ready(port: number, path: string | undefined, signal: AbortSignal): Promise<Address> {
    const address = await this.#listening(port, signal);
    while (path !== undefined && !(await answersWell(address, path, signal))) {
      await pause(HTTP_INTERVAL, signal);
    }
    return address;
  }

  // Private

  #listening(port: number, signal: AbortSignal): Promise<Address> {
    return new Promise((resolve) => {
      const waiter: Waiter = { port, since: performance.now(), found: resolve };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', () => this.#waiters.delete(waiter), { once: true });
      this.#schedule(EAGER_INTERVAL);
    });
  }

  #schedule(interval: number): void {
    if (this.#timer || this.#waiters.size === 0) return;
    this.#timer = setTimeout(() => void this.#look(), interval);
  }

  async #look(): Promise<void> {
    const now = performance.now();
    const ports = listeningPorts();
    for (const waiter of [...this.#waiters]) {
      const host = ports ? ports.get(waiter.port) : await reachableHost(waiter.port);
      if (host && this.#waiters.delete(waiter)) waiter.found({ host, port: waiter.port });
    }
    this.#timer = undefined;
    const eager = [...this.#waiters].some((waiter) => now - waiter.since < EAGER_FOR);
    const patient = ports ? PATIENT_INTERVAL : CONNECT_INTERVAL;
    this.#schedule(eager && ports ? EAGER_INTERVAL : patient);
  }
}

async function reachableHost(port: number): Promise<string | undefined> {
  if (await accepts('127.0.0.1', port)) return '127.0.0.1';
  return (await accepts('::1', port)) ? '::1' : undefined;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** @returns true for 2xx and 3xx; after the signal it never settles */
async function answersWell(address: Address, path: string, signal: AbortSignal): Promise<boolean> {
  // Loaded only where an app asks for it: it would delay the first dyno of all others.
  const { get } = await import('node:http');
  return new Promise((resolve) => {
    const { host, port } = address;
    const request = get({ host, port, path, agent: false, timeout: HTTP_PATIENCE, signal });
    request.once('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 500;
      resolve(status >= 200 && status < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => {
      if (!signal.aborted) resolve(false);
    });
  });
}
