/** Where the router listens: which port was asked for, and what to do when it is taken. */
import { type AddressInfo, createServer } from 'node:net';
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
 * default on. 0 is any free one.
 * @param neighbour name of the app whose router has a port, where one has it
 * @throws PlatformError conflict when somebody asked for a port that is taken, or one that only
 *   root may have; invalid_params when the host is no address of this machine
 */
export async function freeRouterPort(
  { port, askedBy }: WantedPort,
  host = 'localhost',
  neighbour: (port: number) => string | undefined = () => undefined,
): Promise<number> {
  if (port === 0) return anyPort(host);
  const last = askedBy === undefined ? port + ATTEMPTS : port;
  for (let candidate = port; candidate <= last; candidate += 1) {
    const fault = await whyNotListen(candidate, host);
    if (fault === undefined) return candidate;
    if (fault === 'EADDRNOTAVAIL' || fault === 'ENOTFOUND') throw noAddress(host);
    if (fault === 'EACCES') {
      throw new PlatformError(
        'forbidden',
        `Only root may listen on port ${candidate}. Choose one above 1023 with -p.`,
      );
    }
  }
  throw new PlatformError(
    'conflict',
    askedBy === undefined
      ? `Every port from ${port} to ${last} is taken. Choose another with -p.`
      : takenSentence(`${port} (${askedBy})`, neighbour(port)),
  );
}

/** The sentence for a router that could not listen after all; other errors pass. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  if (!isSystemError(error)) return error;
  return error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
    ? noAddress(host)
    : new PlatformError(
        'conflict',
        `Can't listen on port ${port} (${error.code}). Choose another with -p.`,
      );
}

function takenSentence(port: string, app: string | undefined): string {
  return app === undefined
    ? `Port ${port} is taken by another program. Choose another with -p, or end that program.`
    : `Port ${port} is taken by the router of ${app}. Choose another with -p, or end that one with \`paas local stop -a ${app}\`.`;
}

function noAddress(host: string): PlatformError {
  return new PlatformError(
    'invalid_params',
    `${host} is no address of this machine. Give another --host.`,
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

/**
 * Listens for a moment. For localhost on every address, which fails when any of them is taken:
 * naming one would load Node's resolver, a tenth of the whole start.
 * @returns the code of the error, or undefined when the port can be had
 */
function whyNotListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (isSystemError(error)) resolve(error.code);
      else reject(error);
    });
    server.listen({ port, ...on(host), exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

function on(host: string): { readonly host?: string } {
  return host === 'localhost' ? {} : { host };
}

/** A port that is free now: the system chooses. */
function anyPort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', (error) => reject(listenFault(error, host, 0)));
    server.listen({ port: 0, ...on(host) }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
