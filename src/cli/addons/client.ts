/** What the commands of add-ons ask of the API. */
import type { AddonJson } from '../../runtime/api/addon-representations.js';
import type { ReleaseJson } from '../../runtime/api/representations.js';
import { PlatformError } from '../../runtime/errors.js';
import type { RunningApp } from '../app-command.js';

/** Version of the newest release: the one that a change just made. */
export async function newestVersion({ api, path }: RunningApp): Promise<number> {
  const range = 'version ..; max=1, order=desc';
  const [newest] = await api.request<ReleaseJson[]>('GET', `${path}/releases`, { range });
  return newest?.version ?? 0;
}

/** An add-on by its name, its attachment or config var. @throws PlatformError not_found */
export function findAddon({ api, path }: RunningApp, wanted: string): Promise<AddonJson> {
  return api.request<AddonJson>('GET', `${path}/addons/${encodeURIComponent(wanted)}`);
}

/**
 * The add-on of a service that a command is about.
 * @param wanted its name or attachment; undefined: the one that holds the service's first name
 * @param first config var of that: `DATABASE_URL`
 * @throws PlatformError not_found with how to make one
 */
export async function addonOf(
  app: RunningApp,
  service: string,
  first: string,
  wanted?: string,
): Promise<AddonJson> {
  if (wanted !== undefined) return findAddon(app, wanted);
  const all = await app.api.request<AddonJson[]>('GET', `${app.path}/addons`);
  const these = all.filter(({ addon_service }) => addon_service.name === service);
  const found = these.find(({ config_vars }) => config_vars.includes(first)) ?? these[0];
  if (found) return found;
  throw new PlatformError(
    'not_found',
    `${app.name} has no ${service}. Add one with \`paas addons:create ${service}\`.`,
  );
}

/** Has an add-on do something. @param input what it needs to know for that */
export function act<T>(
  { api, path }: RunningApp,
  { id }: Pick<AddonJson, 'id'>,
  action: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const words = encodeURIComponent(action);
  return api.request<T>('POST', `${path}/addons/${id}/actions/${words}`, { body: input });
}
