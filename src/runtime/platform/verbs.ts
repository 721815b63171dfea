/**
 * What can be asked of an app, each as one change: scale, config, rollback, maintenance, domains,
 * drains, features, reload. The API's handlers call these and nothing else.
 */
import { randomUUID } from 'node:crypto';
import { PlatformError } from '../errors.js';
import type { Domain, Drain, Formation } from '../model.js';
import { type FormationUpdate, scaledTo, updateFormation } from './formation.js';
import { deployment, type Platform } from './platform.js';
import { configChanges, rollbackTarget } from './releases.js';
import { readSource, writeConfig } from './source.js';
import type { AppState, Change } from './state.js';

/** Features that can be switched, and what they do. */
export const FEATURES: Readonly<
  Record<string, { readonly description: string; readonly preset: boolean }>
> = {
  preboot: {
    description: 'New web dynos are up before the old ones are stopped',
    preset: true,
  },
  'http-session-affinity': {
    description: 'A cookie keeps a client on the web dyno that it first met',
    preset: false,
  },
  'log-runtime-metrics': {
    description: 'Memory and load of every dyno in the log, every 20 seconds',
    preset: false,
  },
  'http-cache': {
    description: 'A shared HTTP cache (RFC 9111) in front of the web dynos',
    preset: true,
  },
};

const CONFIG_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** All names and values together, in bytes (reference section 6.1). */
const MOST_CONFIG = 64 * 1024;

/** Applies the rows of one PATCH of the formation. @returns the formation that runs from now on */
export async function scale(
  platform: Platform,
  app: string,
  updates: readonly FormationUpdate[],
): Promise<Formation> {
  const state = await platform.change(app, (now) => {
    const formation = updateFormation(now.formation, updates);
    return { says: [scaledTo(formation)], formation };
  });
  return state.formation;
}

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
    checkConfigSize(now, changes);
    writeConfig(now.source.location, changes);
    return deployment(now, readSource(now.source.location));
  });
}

/** Goes back to an earlier release's process types and config, as a new release. */
export async function rollback(
  platform: Platform,
  app: string,
  wanted?: string,
): Promise<AppState> {
  return platform.change(app, (now): Change => {
    const target = rollbackTarget(now.releases, wanted);
    writeConfig(now.source.location, configEdits(now.source.config, target.config));
    const source = readSource(now.source.location);
    const description = `Rollback to v${target.version}`;
    const version = (now.releases.at(-1)?.version ?? 0) + 1;
    return {
      says: [description, `Release v${version} created`],
      source,
      formation: now.formation,
      release: {
        description,
        slug: target.slug,
        processTypes: target.processTypes,
        config: source.config,
      },
    };
  });
}

/** Reads the app's folder again; a release is made where it says something new. */
export async function reload(platform: Platform, app: string): Promise<AppState> {
  return platform.change(app, (now) => deployment(now, readSource(now.source.location)));
}

/** Switches maintenance mode. It is no release, and dynos go on (reference section 3.16). */
export async function setMaintenance(
  platform: Platform,
  app: string,
  maintenance: boolean,
): Promise<AppState> {
  const word = maintenance ? 'Enable' : 'Disable';
  return platform.change(app, () => ({ says: [`${word} maintenance mode`], app: { maintenance } }));
}

/** Switches a feature. @throws PlatformError not_found for one that there is not */
export async function setFeature(
  platform: Platform,
  app: string,
  feature: string,
  enabled: boolean,
): Promise<AppState> {
  if (!Object.hasOwn(FEATURES, feature)) throw unknown('feature', feature, Object.keys(FEATURES));
  return platform.change(app, (now) => ({
    says: [`${enabled ? 'Enable' : 'Disable'} ${feature}`],
    app: { features: { ...now.app.features, [feature]: enabled } },
  }));
}

/** True when a feature is on. */
export function featureEnabled({ app }: AppState, feature: string): boolean {
  return app.features[feature] ?? FEATURES[feature]?.preset ?? false;
}

/** Adds a hostname. @throws PlatformError invalid_params when it is none, or is there already */
export async function addDomain(
  platform: Platform,
  app: string,
  hostname: string,
): Promise<Domain> {
  const name = hostname.toLowerCase();
  if (
    !/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name)
  ) {
    throw new PlatformError(
      'invalid_params',
      `${hostname} is no hostname. Give one such as shop.example.com.`,
    );
  }
  const domain = { id: randomUUID(), hostname: name, createdAt: Date.now() };
  await platform.change(app, (now) => {
    if (now.app.domains.some((other) => other.hostname === name)) {
      throw new PlatformError('invalid_params', `${name} is a domain of ${now.app.name} already.`);
    }
    return { says: [`Add ${name} domain`], app: { domains: [...now.app.domains, domain] } };
  });
  return domain;
}

/** Removes a hostname, by name or id. @throws PlatformError not_found */
export async function removeDomain(
  platform: Platform,
  app: string,
  wanted: string,
): Promise<Domain> {
  const domain = findDomain(platform.find(app), wanted);
  await platform.change(app, (now) => ({
    says: [`Remove ${domain.hostname} domain`],
    app: { domains: now.app.domains.filter(({ id }) => id !== domain.id) },
  }));
  return domain;
}

/** @throws PlatformError not_found */
export function findDomain({ app }: AppState, wanted: string): Domain {
  const found = app.domains.find(
    ({ id, hostname }) => id === wanted || hostname === wanted.toLowerCase(),
  );
  if (!found)
    throw unknown(
      'domain',
      wanted,
      app.domains.map(({ hostname }) => hostname),
    );
  return found;
}

/** Adds a log drain; whether its URL can be one, Logplex has checked. */
export async function addDrain(platform: Platform, app: string, url: string): Promise<Drain> {
  const drain = { id: randomUUID(), url, token: `d.${randomUUID()}`, createdAt: Date.now() };
  await platform.change(app, (now) => {
    if (now.app.drains.some((other) => other.url === url)) {
      throw new PlatformError(
        'invalid_params',
        'That drain is there already. `paas drains` lists them.',
      );
    }
    return { says: ['Add a log drain'], app: { drains: [...now.app.drains, drain] } };
  });
  return drain;
}

/** Removes a log drain, by URL, token or id. @throws PlatformError not_found */
export async function removeDrain(platform: Platform, app: string, wanted: string): Promise<Drain> {
  const { drains } = platform.find(app).app;
  const drain = drains.find(({ id, url, token }) => [id, url, token].includes(wanted));
  if (!drain) {
    throw new PlatformError(
      'not_found',
      'There is no such drain. `paas drains` lists them with their tokens.',
      {
        resource: 'drain',
      },
    );
  }
  await platform.change(app, (now) => ({
    says: ['Remove a log drain'],
    app: { drains: now.app.drains.filter(({ id }) => id !== drain.id) },
  }));
  return drain;
}

/** The edits that turn one config into another. */
function configEdits(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string | null> {
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

function unknown(kind: string, wanted: string, known: readonly string[]): PlatformError {
  const list = known.length > 0 ? `There is ${known.join(', ')}.` : 'There is none.';
  return new PlatformError('not_found', `Couldn't find the ${kind} ${wanted}. ${list}`, {
    resource: kind,
  });
}
