/** The databases of an app, as the `pg` commands see them. */
import type { AddonJson } from '../../runtime/api/addon-representations.js';
import type { RunningApp } from '../app-command.js';
import { Args, Flags } from '../command.js';
import { act, addonOf } from './client.js';

const SERVICE = 'heroku-postgresql';

/** The argument that names a database. */
export const DATABASE_ARG = Args.string({
  description: 'Add-on, attachment or config var; default: DATABASE',
});

/** The flag that answers the question whether data may be lost. */
export const CONFIRM_FLAG = Flags.string({
  char: 'c',
  description: 'Name of the app, to be asked nothing',
  helpValue: 'APP',
});

/** A database by its name; by default the one behind DATABASE_URL. @throws PlatformError not_found */
export function databaseOf(app: RunningApp, wanted?: string): Promise<AddonJson> {
  return addonOf(app, SERVICE, 'DATABASE_URL', wanted);
}

/** All databases of an app. */
export async function databasesOf({ api, path }: RunningApp): Promise<AddonJson[]> {
  const all = await api.request<AddonJson[]>('GET', `${path}/addons`);
  return all.filter(({ addon_service }) => addon_service.name === SERVICE);
}

/**
 * The address of an add-on, whatever an env file says.
 * @returns a URL with its password: never print it unasked
 */
export async function addressOf(app: RunningApp, addon: AddonJson): Promise<URL> {
  const { url } = await act<{ readonly url: string }>(app, addon, 'address');
  return new URL(url);
}
