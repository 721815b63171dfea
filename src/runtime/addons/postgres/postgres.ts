/** Heroku Postgres: a real server of this machine for each database. */

import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon } from '../provider.js';
import { hex } from '../secret.js';
import { freePort, portOr } from '../server/ports.js';
import { addressOf, superuserPassword, urlOf } from './address.js';
import { removeUnfinished } from './backups.js';
import { chooseInstallation } from './choice.js';
import { query } from './client.js';
import {
  changePasswords,
  dataFolderOf,
  makeCluster,
  versionOfData,
  waitUntilUnused,
} from './cluster.js';
import { copyData } from './fork.js';
import { connectionsOf, POSTGRES } from './plans.js';
import { replaceData, undoReplacement } from './replacement.js';
import { postgresServer } from './server.js';
import { mend } from './swap.js';
import { act, type Database } from './tools.js';

export const postgres: AddonProvider = {
  service: POSTGRES,

  async provision(plan, place, { version, fork }): Promise<Provisioned> {
    const asked = version === undefined ? undefined : Number.parseInt(version, 10);
    const installation = await chooseInstallation(place, fork ? versionOfData(fork) : asked);
    const names = fork ? addressOf(fork.addon) : { user: `u${hex(7)}`, database: `d${hex(7)}` };
    const address = { ...names, password: `p${hex(32)}`, port: await freePort() };
    const secret = hex(32);
    const owners = { ...address, superuserPassword: secret, connections: connectionsOf(plan) };
    if (fork) {
      await copyData(fork, dataFolderOf(place));
      await changePasswords(place, installation, owners);
    } else {
      await makeCluster(place, installation, owners);
    }
    return {
      config: { URL: urlOf(address) },
      settings: { superuserPassword: secret },
      message: `Using Postgres ${installation.version} of ${installation.bin}`,
    };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    await waitUntilUnused(place);
    await undoReplacement(place);
    await removeUnfinished(place);
    const installation = await chooseInstallation(place, versionOfData(place));
    const kept = addressOf(addon);
    const address = { ...kept, port: await portOr(kept.port) };
    const server = postgresServer(addon, place, installation, address);
    await server.start().catch((error: Error) => refuseToStart(place, error));
    const config = { URL: urlOf(address) };
    const owners = {
      ...address,
      superuserPassword: superuserPassword(addon),
      connections: connectionsOf(addon.plan),
    };
    const database: Database = {
      addon: { ...addon, config },
      address,
      place,
      installation,
      replaceData: (fill) =>
        replaceData(place, server, installation, {
          fill,
          prepare: () => changePasswords(place, installation, owners),
          check: async () => void (await query(address, 'select 1')),
        }),
    };
    await mend(database).catch(async (error) => {
      await server.stop();
      throw error;
    });
    return {
      config,
      status: () => server.status(),
      act: (action, input) => act(database, action, input),
      stop: (now) => server.stop(now),
    };
  },
};

/** What Postgres itself advises is to throw the data away. */
function refuseToStart(place: Place, { message }: Error): never {
  const said = message.replace(/ \/ HINT: .*?(?= \/ |$)/g, '');
  throw new PlatformError(
    'unavailable',
    `${said}. Nothing was changed in ${dataFolderOf(place)}. Put a copy back, or destroy the add-on, create a new one, and restore a backup there.`,
  );
}
