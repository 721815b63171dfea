/**
 * MemCachier: a real memcached of this machine, on the loopback interface. With a user and a
 * password where the system's own has accounts; what most install has none.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon, Service } from '../provider.js';
import { hex } from '../secret.js';
import { withoutRoot } from '../server/ordinary-user.js';
import { freePort, portOr } from '../server/ports.js';
import { probe } from '../server/probe.js';
import { findProgram, versionOf } from '../server/programs.js';
import { Server } from '../server/server.js';
import { type Account, hasAccounts, newAccount, writeAccount } from './sasl.js';

const run = promisify(execFile);

/** Megabytes by plan. */
const SIZES: Readonly<Record<string, number>> = { dev: 25, '100': 100, '250': 250, '500': 500 };

/** "Version" in the binary protocol, which asks for no login: all that SASL leaves. */
const BINARY_VERSION = Buffer.from([0x80, 0x0b, ...new Array<number>(22).fill(0)]);
const BINARY_RESPONSE = 0x81;

const SERVICE: Service = {
  name: 'memcachier',
  alsoCalled: ['memcached', 'memcache'],
  title: 'MemCachier',
  prefix: 'memcachier',
  // A number as a key would come before `dev`, which is the default.
  plans: Object.entries(SIZES)
    .map(([name, size]) => ({ name, description: `${size} MB` }))
    .sort((one, other) => Number(other.name === 'dev') - Number(one.name === 'dev')),
  attachment: { first: 'MEMCACHIER', further: 'MEMCACHIER' },
  perApp: 'many',
};

export const memcached: AddonProvider = {
  service: SERVICE,

  async provision(_plan, place): Promise<Provisioned> {
    const program = findServer(place);
    const { stdout } = await run(program, ['-h']).catch(() => ({ stdout: '' }));
    const account = hasAccounts(stdout, place.environment) ? newAccount(hex) : undefined;
    const login = account ? '' : ', without a login: this one has no accounts';
    const message = `Using memcached ${(await versionOf(program)) ?? ''} of ${program}${login}`;
    return { config: configOf(await freePort(), account), settings: {}, message };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    const port = await portOr(Number(addon.config['SERVERS']?.split(':')[1]));
    const { USERNAME: user, PASSWORD: password } = addon.config;
    const account = user && password ? { user, password } : undefined;
    const environment = account ? await writeAccount(account, place) : {};
    const server = memcachedServer(findServer(place), addon, place, port, environment);
    await server.start();
    return {
      config: configOf(port, account),
      status: () => server.status(),
      act: (action) =>
        Promise.reject(new PlatformError('not_found', `A memcached has no action ${action}.`)),
      stop: (now) => server.stop(now),
    };
  },
};

/** @param environment of one with accounts; it speaks the binary protocol only */
function memcachedServer(
  program: string,
  addon: Addon,
  place: Place,
  port: number,
  environment: Readonly<Record<string, string>>,
): Server {
  const megabytes = SIZES[addon.plan] ?? 25;
  const asks = Object.keys(environment).length > 0;
  const args = ['-l', '127.0.0.1', '-p', `${port}`, '-U', '0', '-m', `${megabytes}`];
  return new Server(
    {
      title: 'Memcached',
      program,
      args: asks ? [...args, '-S'] : args,
      environment,
      disguise: withoutRoot(place.folder),
      stopSignal: 'SIGTERM',
      answers: () =>
        asks
          ? probe(port, '127.0.0.1', BINARY_VERSION, (answer) => answer[0] === BINARY_RESPONSE)
          : probe(port, '127.0.0.1', 'version\r\n', (answer) => answer.includes('VERSION')),
    },
    place,
  );
}

function configOf(port: number, account?: Account): Record<string, string> {
  const servers = { SERVERS: `127.0.0.1:${port}` };
  return account ? { ...servers, USERNAME: account.user, PASSWORD: account.password } : servers;
}

function findServer({ environment }: Place): string {
  const program = findProgram(['memcached'], environment);
  if (program !== undefined) return program;
  const install =
    process.platform === 'darwin' ? 'brew install memcached' : 'sudo apt-get install memcached';
  throw new PlatformError(
    'unavailable',
    `There is no memcached on this machine. Install it: ${install}.`,
  );
}
