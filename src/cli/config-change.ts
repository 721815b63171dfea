/** Changing config vars through the API, and what it changed. */
import type { ReleaseJson } from '../runtime/api/representations.js';
import type { RunningApp } from './app-command.js';
import { type ConfigVars, changedKeys } from './config-vars.js';

/** What came of a change. */
export interface ConfigChange {
  /** Keys that have another value now. */
  readonly changed: readonly string[];
  /** Version of the newest release, which is that of the change when something changed. */
  readonly version: number;
  readonly config: ConfigVars;
}

/**
 * Sets and (with null) removes config vars in one release.
 * @throws PlatformError invalid_params when a name or the whole is not acceptable
 */
export async function changeConfig(
  { api, path }: RunningApp,
  changes: Readonly<Record<string, string | null>>,
): Promise<ConfigChange> {
  const before = await api.request<ConfigVars>('GET', `${path}/config-vars`);
  const config = await api.request<ConfigVars>('PATCH', `${path}/config-vars`, { body: changes });
  const [newest] = await api.request<ReleaseJson[]>('GET', `${path}/releases`, {
    range: 'version ..; order=desc,max=1',
  });
  return { changed: changedKeys(before, config), version: newest?.version ?? 0, config };
}
