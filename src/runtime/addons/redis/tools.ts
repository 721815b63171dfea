/** What can be done with a Redis beside using it: `redis:info`, `redis:cli`, its settings. */
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { Place } from '../provider.js';
import { ask, isError, type RedisAddress } from './client.js';
import { limitsOf } from './plans.js';
import type { Reply } from './resp.js';
import { changedSettings, settingsOf } from './settings.js';

/** A Redis that runs. */
export interface Store {
  /** As it is now: settings that were changed included. */
  addon: Addon;
  readonly address: RedisAddress;
  readonly place: Place;
}

type Input = Readonly<Record<string, unknown>>;

/** @see RunningAddon.act */
export async function act(store: Store, action: string, input: Input): Promise<unknown> {
  if (action === 'address') return { url: store.addon.config['URL'] };
  if (action === 'info') return infoOf(store);
  if (action === 'command') return { reply: await ask(store.address, wordsIn(input)) };
  if (action === 'configure') return configure(store, input);
  throw new PlatformError('not_found', `A Redis has no action ${action}.`);
}

async function infoOf({ addon, address }: Store) {
  const { megabytes, connections, persistence } = limitsOf(addon.plan);
  const { maxmemoryPolicy, timeout } = settingsOf(addon);
  const facts = factsIn(await ask(address, ['INFO']));
  return Object.entries({
    Plan: addon.plan,
    Status: 'available',
    Created: new Date(addon.createdAt).toISOString(),
    Version: facts.get('valkey_version') ?? facts.get('redis_version') ?? 'unknown',
    Timeout: String(timeout),
    Maxmemory: maxmemoryPolicy,
    Memory: `${facts.get('used_memory_human')} of ${megabytes} MB`,
    Connections: `${facts.get('connected_clients')}/${connections}`,
    Persistence: persistence === 'none' ? 'None' : 'AOF',
    Port: String(address.port),
  }).map(([name, value]) => ({ name, values: [value] }));
}

/** `{maxmemoryPolicy, timeout}`: from now on, and after the next start. */
async function configure(store: Store, input: Input): Promise<unknown> {
  const settings = changedSettings(settingsOf(store.addon), input);
  await set(store, 'maxmemory-policy', settings.maxmemoryPolicy);
  await set(store, 'timeout', String(settings.timeout));
  const kept = { ...settings };
  await store.place.keep(kept);
  store.addon = { ...store.addon, settings: kept };
  return settings;
}

async function set({ address }: Store, name: string, value: string): Promise<void> {
  const reply = await ask(address, ['CONFIG', 'SET', name, value]);
  if (isError(reply)) throw new PlatformError('failed', `Redis says: ${reply.error}.`);
}

/** The lines of INFO: `redis_version:7.0.15`. */
function factsIn(reply: Reply): ReadonlyMap<string, string> {
  const lines = typeof reply === 'string' ? reply.split('\r\n') : [];
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

function wordsIn({ words }: Input): string[] {
  if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string')) {
    return words;
  }
  throw new PlatformError('invalid_params', '"words" must be the words of a command.');
}
