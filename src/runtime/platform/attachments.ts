/** Attachments: the names under which an app sees its add-ons, and the config vars they make. Pure. */
import { PlatformError } from '../errors.js';
import type { Addon, AddonAttachment, ConfigVars, Release } from '../model.js';
import type { ConfigOrigin, Source } from './source.js';

/** Colours that tell further databases apart, in the order in which they are given. */
const COLOURS = [
  'AMBER',
  'AQUA',
  'BLACK',
  'BLUE',
  'BRONZE',
  'BROWN',
  'COBALT',
  'COPPER',
  'CRIMSON',
  'CYAN',
  'GOLD',
  'GRAY',
  'GREEN',
  'IVORY',
  'JADE',
  'MAROON',
  'MAUVE',
  'NAVY',
  'OLIVE',
  'ONYX',
  'ORANGE',
  'PINK',
  'PUCE',
  'PURPLE',
  'RED',
  'ROSE',
  'SILVER',
  'TEAL',
  'VIOLET',
  'WHITE',
  'YELLOW',
];

/** An attachment with the add-on that it leads to. */
export interface Attached {
  readonly addon: Addon;
  readonly attachment: AddonAttachment;
}

/** Names of the config vars that one attachment of an add-on makes. */
export function varsOf(addon: Addon, attachment: string): string[] {
  return Object.keys(addon.config).map((end) => `${attachment}_${end}`);
}

/** The config vars that all add-ons of an app give. */
export function attachedVars(addons: readonly Addon[] = []): ConfigVars {
  const pairs = attachmentsOf(addons).flatMap(({ addon, attachment }) =>
    Object.entries(addon.config).map(([end, value]) => [`${attachment.name}_${end}`, value]),
  );
  return Object.fromEntries(pairs);
}

/** The add-on that gives a config var its value, where one does. */
export function attachedOrigin(
  addons: readonly Addon[] | undefined,
  key: string,
): ConfigOrigin | undefined {
  const value = attachedVars(addons)[key];
  const giver = attachmentsOf(addons).find(({ addon, attachment }) =>
    varsOf(addon, attachment.name).includes(key),
  );
  if (value === undefined || !giver) return undefined;
  return { key, value, source: `the add-on ${giver.addon.name}` };
}

/** Config vars without those that add-ons give. */
export function ownVars({ config, attached = [] }: Pick<Release | Source, 'config' | 'attached'>) {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !attached.includes(key)));
}

/** Every attachment of an app, oldest add-on first. */
export function attachmentsOf(addons: readonly Addon[] = []): Attached[] {
  return addons.flatMap((addon) => addon.attachments.map((attachment) => ({ addon, attachment })));
}

/**
 * The name of a new attachment.
 * @param wanted as it was asked for; undefined: the service's own, then one with a colour
 * @param usual `DATABASE` for the first, `HEROKU_POSTGRESQL` for what stands before the colour
 * @throws PlatformError invalid_params when it is no name, or is taken
 */
export function newAttachmentName(
  addons: readonly Addon[],
  usual: { readonly first: string; readonly further: string },
  wanted?: string,
): string {
  const taken = new Set(attachmentsOf(addons).map(({ attachment }) => attachment.name));
  if (wanted === undefined) {
    const names = [usual.first, ...COLOURS.map((colour) => `${usual.further}_${colour}`)];
    const free = names.find((name) => !taken.has(name));
    if (free !== undefined) return free;
    throw new PlatformError('invalid_params', 'All colours are taken. Give a name with --as.');
  }
  const name = wanted.toUpperCase();
  if (!/^[A-Z][A-Z0-9_]{0,62}$/.test(name)) {
    throw new PlatformError(
      'invalid_params',
      `${wanted} is no name for an attachment. Use letters, digits and _, a letter first, such as REPORTS.`,
    );
  }
  if (taken.has(name)) {
    throw new PlatformError(
      'invalid_params',
      `The name ${name} is taken by another attachment. \`paas addons\` lists them.`,
    );
  }
  return name;
}

/** Attachments that a user may mean: by its name, its config var, its id, or its add-on. */
export function matchAttachments(addons: readonly Addon[], wanted: string): Attached[] {
  const name = wanted.toUpperCase();
  const all = attachmentsOf(addons);
  const exact = all.filter(
    ({ addon, attachment }) =>
      attachment.id === wanted ||
      attachment.name === name ||
      varsOf(addon, attachment.name).includes(name),
  );
  if (exact.length > 0) return exact;
  return all.filter(({ addon }) => addon.id === wanted || addon.name === wanted);
}
