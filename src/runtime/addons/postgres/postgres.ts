/** Heroku Postgres: a real server of this machine for each database. */
import { randomBytes } from 'node:crypto';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon } from '../provider.js';
import { freePort, portOr } from '../server/ports.js';
import { addressOf, urlOf } from './address.js';
import { chooseInstallation } from './choice.js';
import { makeCluster, versionOfData, waitUntilUnused } from './cluster.js';
import { connectionsOf, POSTGRES } from './plans.js';
import { postgresServer } from './server.js';
import { act } from './tools.js';

export const postgres: AddonProvider = {
  service: POSTGRES,

  async provision(plan, place, { version }): Promise<Provisioned> {
    const major = version === undefined ? undefined : Number.parseInt(version, 10);
    const installation = await chooseInstallation(place, major);
    const address = {
      user: `u${hex(7)}`,
      password: `p${hex(32)}`,
      database: `d${hex(7)}`,
      port: await freePort(),
    };
    const superuserPassword = hex(32);
    const connections = connectionsOf(plan);
    await makeCluster(place, installation, { ...address, superuserPassword, connections });
    return {
      config: { URL: urlOf(address) },
      settings: { superuserPassword },
      message: `Using Postgres ${installation.version} of ${installation.bin}`,
    };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    const installation = await chooseInstallation(place, versionOfData(place));
    await waitUntilUnused(place);
    const kept = addressOf(addon);
    const address = { ...kept, port: await portOr(kept.port) };
    const server = postgresServer(addon, place, installation, address);
    await server.start();
    const config = { URL: urlOf(address) };
    const database = { addon: { ...addon, config }, address, place, installation };
    return {
      config,
      status: () => server.status(),
      act: (action, input) => act(database, action, input),
      stop: (now) => server.stop(now),
    };
  },
};

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
