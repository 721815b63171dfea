/** The Redis stores of an app, as the `redis` commands see them. */
import type { AddonJson } from '../../runtime/api/addon-representations.js';
import type { RunningApp } from '../app-command.js';
import { Args } from '../command.js';
import { addonOf } from './client.js';

/** The argument that names a store. */
export const STORE_ARG = Args.string({
  description: 'Add-on, attachment or config var; default: REDIS',
});

/** A store by its name; by default the one behind REDIS_URL. @throws PlatformError not_found */
export function storeOf(app: RunningApp, wanted?: string): Promise<AddonJson> {
  return addonOf(app, 'heroku-redis', 'REDIS_URL', wanted);
}
