/** The configuration of one Redis: what the plan gives, and what the user chose. Pure. */
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import { limitsOf } from './plans.js';

/** What to do when the memory is full (devcenter.heroku.com/articles/heroku-redis#maxmemory-policy). */
export const POLICIES = [
  'noeviction',
  'allkeys-lfu',
  'allkeys-lru',
  'allkeys-random',
  'volatile-lfu',
  'volatile-lru',
  'volatile-random',
  'volatile-ttl',
] as const;

/** What a user may choose. */
export interface RedisSettings {
  readonly maxmemoryPolicy: string;
  /** Seconds after which an idle connection is closed; 0: never. */
  readonly timeout: number;
  /** Major version of the server that wrote the data. */
  readonly major: number;
}

/** What is kept of a Redis, with Heroku's defaults for what is not. */
export function settingsOf({ settings }: Pick<Addon, 'settings'>): RedisSettings {
  return {
    maxmemoryPolicy: String(settings['maxmemoryPolicy'] ?? 'noeviction'),
    timeout: Number(settings['timeout'] ?? 300),
    major: Number(settings['major'] ?? 0),
  };
}

/**
 * Checks what a user wants to change.
 * @throws PlatformError invalid_params
 */
export function changedSettings(
  now: RedisSettings,
  input: Readonly<Record<string, unknown>>,
): RedisSettings {
  const { maxmemoryPolicy = now.maxmemoryPolicy, timeout = now.timeout } = input;
  if (!POLICIES.some((policy) => policy === maxmemoryPolicy)) {
    throw new PlatformError(
      'invalid_params',
      `${maxmemoryPolicy} is no maxmemory policy. There are ${POLICIES.join(', ')}.`,
    );
  }
  if (typeof timeout !== 'number' || !Number.isInteger(timeout) || timeout < 0) {
    throw new PlatformError('invalid_params', 'The timeout is whole seconds; 0 means never.');
  }
  return { ...now, maxmemoryPolicy: String(maxmemoryPolicy), timeout };
}

/**
 * The configuration as the server reads it from its input, so that no list of processes shows the
 * password.
 */
export function configurationOf(
  plan: string,
  settings: RedisSettings,
  place: { readonly port: number; readonly password: string; readonly folder: string },
): string {
  const { megabytes, connections, persistence } = limitsOf(plan);
  const lines = [
    'bind 127.0.0.1',
    `port ${place.port}`,
    `requirepass ${place.password}`,
    `dir ${JSON.stringify(place.folder)}`,
    'daemonize no',
    `maxmemory ${megabytes}mb`,
    `maxmemory-policy ${settings.maxmemoryPolicy}`,
    `timeout ${settings.timeout}`,
    // Some for our own tools, beyond those of the plan.
    `maxclients ${connections + 5}`,
    `appendonly ${persistence === 'none' ? 'no' : 'yes'}`,
    'save ""',
  ];
  return `${lines.join('\n')}\n`;
}
