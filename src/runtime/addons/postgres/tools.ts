/** What can be done with a database beside using it: `pg:info`, `pg:reset`, backups. */
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { Place } from '../provider.js';
import { type DatabaseAddress, urlOf } from './address.js';
import { capture, download, listBackups, restore } from './backups.js';
import { query } from './client.js';
import { infoOf } from './info.js';
import type { Installation } from './installation.js';
import * as snapshots from './snapshots.js';
import { reset } from './swap.js';
import { copyFrom, copyTo } from './transfer.js';

/** A database that runs. */
export interface Database {
  readonly addon: Addon;
  readonly address: DatabaseAddress;
  readonly place: Place;
  readonly installation: Installation;
  /** Puts another data folder in the place of its own, or goes on as it was. @param fill makes it */
  readonly replaceData: (fill: (folder: string) => Promise<void>) => Promise<void>;
}

type Input = Readonly<Record<string, unknown>>;
type Tool = (database: Database, input: Input) => Promise<unknown>;

const TOOLS: Readonly<Record<string, Tool>> = {
  address: async ({ address }) => ({ url: urlOf(address) }),
  info: (database) => infoOf(database),
  query: ({ address }, input) => query(address, text(input, 'sql')),
  reset: (database) => reset(database),
  'copy:from': (database, input) =>
    copyFrom(database, text(input, 'url'), input['onto'] === 'empty' ? 'empty' : 'anything'),
  'copy:to': (database, input) =>
    copyTo(database, text(input, 'url'), input['target'] === 'new' ? 'new' : 'existing'),
  'snapshots:capture': (database, input) =>
    snapshots.capture(database, optional(input, 'snapshot')),
  'snapshots:list': (database) => snapshots.list(database),
  'snapshots:restore': (database, input) =>
    snapshots.restore(database, optional(input, 'snapshot')),
  'snapshots:destroy': (database, input) =>
    snapshots.destroy(database, optional(input, 'snapshot')),
  'backups:capture': (database) => capture(database),
  'backups:list': (database) => listBackups(database),
  'backups:download': (database, input) => download(database, optional(input, 'backup')),
  'backups:restore': (database, input) => restore(database, optional(input, 'backup')),
};

/** What changes nothing. All others take turns: two backups at once would write the same file. */
const READING = ['address', 'info', 'query', 'snapshots:list', 'backups:list', 'backups:download'];

const turns = new WeakMap<Database, Promise<unknown>>();

/** @see RunningAddon.act */
export async function act(database: Database, action: string, input: Input): Promise<unknown> {
  const tool = Object.hasOwn(TOOLS, action) ? TOOLS[action] : undefined;
  if (tool && READING.includes(action)) return tool(database, input);
  if (tool) {
    const before = turns.get(database) ?? Promise.resolve();
    const turn = before.then(() => tool(database, input));
    turns.set(
      database,
      turn.catch(() => undefined),
    );
    return turn;
  }
  throw new PlatformError('not_found', `A database has no action ${action}.`);
}

function text(input: Input, field: string): string {
  const value = optional(input, field);
  if (value !== undefined) return value;
  throw new PlatformError('invalid_params', `"${field}" must be a string that is not empty.`);
}

function optional(input: Input, field: string): string | undefined {
  const value = input[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
