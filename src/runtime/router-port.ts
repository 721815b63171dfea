/** Where the router listens: which port was asked for, and what to do when it is taken. */
import { createServer } from 'node:net';
import { isSystemError, PlatformError } from './errors.js';
import { DEFAULT_PORT } from './settings.js';

/** How far from the default port another one is looked for. */
const ATTEMPTS = 100;

/** A port, and who asked for it. */
export interface WantedPort {
  readonly port: number;
  /** `-p`, `PORT in .env`, `PORT in the environment`, or undefined: nobody, it is the default. */
  readonly askedBy?: string;
}

/**
 * The order of foreman and heroku local: the flag, `PORT` of the env file, `PORT` of the shell, 5006.
 * @throws PlatformError invalid_params for a PORT that is no port
 */
export function wantedPort(
  flag: number | undefined,
  config: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): WantedPort {
  if (flag !== undefined) return { port: flag, askedBy: '-p' };
  if (config['PORT']) return { port: parsePort(config['PORT'], '.env'), askedBy: 'PORT in .env' };
  if (environment['PORT']) {
    return {
      port: parsePort(environment['PORT'], 'the environment'),
      askedBy: 'PORT in the environment',
    };
  }
  return { port: DEFAULT_PORT };
}

/**
 * A port that the router can have: the one that was asked for, or the first free one from the
 * default on. 0 stays 0: the system chooses.
 * @throws PlatformError conflict when somebody asked for a port that is taken, or one that only
 *   root may have
 */
export async function freeRouterPort({ port, askedBy }: WantedPort, host: string): Promise<number> {
  const last = askedBy === undefined ? port + ATTEMPTS : port;
  for (let candidate = port; candidate <= last; candidate += 1) {
    const fault = await whyNotListen(candidate, host);
    if (fault === undefined) return candidate;
    if (fault === 'EACCES') {
      throw new PlatformError(
        'forbidden',
        `Only root may listen on port ${candidate}. Choose one above 1023 with -p.`,
      );
    }
    if (fault === 'EADDRNOTAVAIL') {
      throw new PlatformError(
        'invalid_params',
        `${host} is no address of this machine. Give another --host.`,
      );
    }
  }
  throw new PlatformError(
    'conflict',
    askedBy === undefined
      ? `Every port from ${port} to ${last} is taken. Choose another with -p.`
      : `Port ${port} (${askedBy}) is taken by another program. Choose another with -p, or end that program.`,
  );
}

function parsePort(text: string, place: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new PlatformError(
      'invalid_params',
      `PORT in ${place} is ${JSON.stringify(text)}. Give a number from 0 to 65535.`,
    );
  }
  return port;
}

/** @returns the code of the error, or undefined when the port can be had */
async function whyNotListen(port: number, host: string): Promise<string | undefined> {
  const hosts = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  for (const address of hosts) {
    const fault = await tryListen(port, address);
    // A machine without IPv6 has no ::1, and that is no reason to refuse.
    if (fault !== undefined && !(address === '::1' && fault !== 'EADDRINUSE')) return fault;
  }
  return undefined;
}

function tryListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (isSystemError(error)) resolve(error.code);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
