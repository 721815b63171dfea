/**
 * MemCachier: a real memcached of this machine. There is no user and no password: what Debian and
 * Homebrew install has no SASL accounts, and it listens on the loopback interface only.
 */
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon, Service } from '../provider.js';
import { withoutRoot } from '../server/ordinary-user.js';
import { freePort, portOr } from '../server/ports.js';
import { probe } from '../server/probe.js';
import { findProgram, versionOf } from '../server/programs.js';
import { Server } from '../server/server.js';

/** Megabytes by plan. */
const SIZES: Readonly<Record<string, number>> = { dev: 25, '100': 100, '250': 250, '500': 500 };

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
    const message = `Using memcached ${(await versionOf(program)) ?? ''} of ${program}`;
    return { config: configOf(await freePort()), settings: {}, message };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    const port = await portOr(Number(addon.config['SERVERS']?.split(':')[1]));
    const server = memcachedServer(findServer(place), addon, place, port);
    await server.start();
    return {
      config: configOf(port),
      status: () => server.status(),
      act: (action) =>
        Promise.reject(new PlatformError('not_found', `A memcached has no action ${action}.`)),
      stop: (now) => server.stop(now),
    };
  },
};

function memcachedServer(program: string, addon: Addon, place: Place, port: number): Server {
  const megabytes = SIZES[addon.plan] ?? 25;
  return new Server(
    {
      title: 'Memcached',
      program,
      args: ['-l', '127.0.0.1', '-p', `${port}`, '-U', '0', '-m', `${megabytes}`],
      disguise: withoutRoot(place.folder),
      stopSignal: 'SIGTERM',
      answers: () =>
        probe(port, '127.0.0.1', 'version\r\n', (answer) => answer.includes('VERSION')),
    },
    place,
  );
}

function configOf(port: number) {
  return { SERVERS: `127.0.0.1:${port}` };
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
