/** Config vars: rules of their names and sizes, and setting them. */
import { PlatformError } from '../errors.js';
import type { ConfigVars } from '../model.js';
import { writeConfig } from './config-files.js';
import { deployment } from './deployment.js';
import type { Platform } from './platform.js';
import { configChanges } from './releases.js';
import { readSource, type Source } from './source.js';
import type { AppState, Change } from './state.js';

const CONFIG_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** All names and values together, in bytes (reference section 6.1). */
const MOST_CONFIG = 64 * 1024;

/**
 * Sets config vars (null removes one): writes the env file, makes a release, restarts with it.
 * @returns what changed; nothing did where every value was there already
 */
export async function setConfig(
  platform: Platform,
  app: string,
  changes: Readonly<Record<string, string | null>>,
): Promise<AppState> {
  for (const key of Object.keys(changes)) checkConfigKey(key, changes[key] ?? null);
  return platform.change(app, (now) => {
    for (const key of Object.keys(changes)) checkNotAttached(now, key);
    checkConfigSize(now, changes);
    return withConfig(now, changes, (source) => deployment(now, source));
  });
}

/**
 * Writes config vars and reads the folder with them; where no change comes of it, because another
 * file is broken or it cannot be kept, the env files are put back.
 */
export function withConfig(
  { source: { location } }: AppState,
  changes: Readonly<Record<string, string | null>>,
  decide: (source: Source) => Change | undefined,
): Change | undefined {
  const undo = writeConfig(location, changes);
  try {
    const change = decide(readSource(location));
    return change && { ...change, undo };
  } catch (error) {
    undo();
    throw error;
  }
}

/** The edits that turn one config into another. */
export function configEdits(before: ConfigVars, after: ConfigVars): Record<string, string | null> {
  const { set, removed } = configChanges(before, after);
  return Object.fromEntries([
    ...set.map((key): [string, string | null] => [key, after[key] ?? null]),
    ...removed.map((key): [string, null] => [key, null]),
  ]);
}

function checkConfigKey(key: string, value: string | null): void {
  if (!CONFIG_KEY.test(key) || key.startsWith('__')) {
    throw new PlatformError(
      'invalid_params',
      `${JSON.stringify(key)} is no name for a config var. Use letters, digits and _, no digit first, such as API_URL.`,
    );
  }
  if (value?.includes('\0')) {
    throw new PlatformError(
      'invalid_params',
      `The value of ${key} has a NUL byte, which no environment can hold. Encode it.`,
    );
  }
}

/** As on Heroku: what an add-on gives is changed by attaching and detaching. */
function checkNotAttached({ source }: AppState, key: string): void {
  if (!source.attached.includes(key)) return;
  throw new PlatformError(
    'invalid_params',
    `Cannot overwrite attachment values ${key}. Detach its add-on first (\`paas addons\` names it), or write ${key} into an env file, which hides the add-on's value.`,
  );
}

function checkConfigSize(state: AppState, changes: Readonly<Record<string, string | null>>): void {
  const config = { ...state.source.config, ...changes };
  const size = Object.entries(config).reduce(
    (sum, [key, value]) => sum + (value === null ? 0 : Buffer.byteLength(key + value)),
    0,
  );
  if (size > MOST_CONFIG) {
    throw new PlatformError(
      'invalid_params',
      `Config vars may take 64 KB together; these would take ${Math.ceil(size / 1024)} KB. Keep large values in files.`,
    );
  }
}
