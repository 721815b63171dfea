/** Heroku Key-Value Store: a real Redis or Valkey of this machine. */

import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon } from '../provider.js';
import { hex } from '../secret.js';
import { freePort, portOr } from '../server/ports.js';
import { findProgram, majorOf, versionOf } from '../server/programs.js';
import { Server } from '../server/server.js';
import { ask, type RedisAddress } from './client.js';
import { limitsOf, REDIS } from './plans.js';
import { configurationOf, settingsOf } from './settings.js';
import { act } from './tools.js';

export const redis: AddonProvider = {
  service: REDIS,

  async provision(_plan, place): Promise<Provisioned> {
    const { program, version, major } = await findServer(place);
    const password = `p${hex(32)}`;
    const address = { port: await freePort(), password };
    return {
      config: { URL: urlOf(address) },
      settings: { major },
      message: `Using Redis ${version} of ${program}`,
    };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    const { program, major } = await findServer(place);
    refuseNewerData(addon, major);
    const kept = addressOf(addon);
    const address = { ...kept, port: await portOr(kept.port) };
    const server = redisServer(program, addon, place, address);
    await server.start();
    const config = { URL: urlOf(address) };
    const store = { addon: { ...addon, config }, address, place };
    return {
      config,
      status: () => server.status(),
      act: (action, input) => act(store, action, input),
      stop: (now) => server.stop(now),
    };
  },
};

/** `redis://:password@127.0.0.1:26379` */
export function urlOf({ port, password }: RedisAddress): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

export function addressOf({ config }: Pick<Addon, 'config'>): RedisAddress {
  const { port, password } = new URL(config['URL'] ?? '');
  return { port: Number(port), password: decodeURIComponent(password) };
}

function redisServer(program: string, addon: Addon, place: Place, address: RedisAddress): Server {
  const configuration = { ...address, folder: place.folder };
  return new Server(
    {
      title: 'Redis',
      program,
      args: ['-'],
      input: configurationOf(addon.plan, settingsOf(addon), configuration),
      stopSignal: 'SIGTERM',
      // While it loads its data it answers LOADING.
      answers: async () => (await ask(address, ['PING']).catch(() => undefined)) === 'PONG',
    },
    place,
  );
}

async function findServer({
  environment,
}: Place): Promise<{ program: string; version: string; major: number }> {
  const program = findProgram(['valkey-server', 'redis-server', 'keydb-server'], environment);
  if (program === undefined) {
    const install =
      process.platform === 'darwin' ? 'brew install redis' : 'sudo apt-get install redis-server';
    throw new PlatformError(
      'unavailable',
      `There is no Redis or Valkey server on this machine. Install one: ${install}.`,
    );
  }
  const version = (await versionOf(program)) ?? 'unknown';
  return { program, version, major: majorOf(version) };
}

/** An older server does not understand the files of a newer one. */
function refuseNewerData(addon: Addon, major: number): void {
  const written = settingsOf(addon).major;
  if (written <= major || limitsOf(addon.plan).persistence === 'none') return;
  throw new PlatformError(
    'unavailable',
    `The data of ${addon.name} was written by Redis ${written}, and this machine has version ${major}. Install the newer one.`,
  );
}
