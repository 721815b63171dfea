/** How many dynos of each type: defaults, scaling, sizes. Pure. */
import { PlatformError } from '../errors.js';
import type { Formation, FormationEntry, ProcessTypes } from '../model.js';

export const DEFAULT_SIZE = 'Standard-1X';

/** Dynos per app, as on Heroku (reference section 2.10). */
export const MOST_DYNOS = 100;

/** Heroku's sizes in the form that the API prints (reference section 2.10). */
const SIZES = [
  'Eco',
  'Basic',
  'Standard-1X',
  'Standard-2X',
  'Private-S',
  'Private-M',
  'Private-L',
  'Shield-S',
  'Shield-M',
  'Shield-L',
  'Performance-M',
  'Performance-L',
  'Performance-L-RAM',
  'Performance-XL',
  'Performance-2XL',
];

/** One row of a PATCH of the formation, as Heroku's CLI sends it. */
export interface FormationUpdate {
  readonly type: string;
  /** `3`, `"3"`, `"+1"` or `"-1"`. */
  readonly quantity?: number | string;
  readonly size?: string;
}

/** Types that run as dynos: all but `release`, which runs once for each release. */
export function scalableTypes(types: ProcessTypes): string[] {
  return Object.keys(types).filter((type) => type !== 'release');
}

/**
 * The formation to run: what was last scaled, else what app.json says, else one of each.
 * @returns one entry for each type of the Procfile, in its order
 */
export function effectiveFormation(
  types: ProcessTypes,
  scaled: Formation,
  fromAppJson: Formation,
): Formation {
  return Object.fromEntries(
    scalableTypes(types).map((type) => [
      type,
      scaled[type] ?? fromAppJson[type] ?? { quantity: 1, size: DEFAULT_SIZE },
    ]),
  );
}

/**
 * Applies the rows of one PATCH.
 * @param formation the one that runs, with an entry for each type that exists
 * @returns the new formation; the one that was given stays as it is
 * @throws PlatformError not_found for a type that does not exist, invalid_params for a quantity or
 *   a size that cannot be
 */
export function updateFormation(
  formation: Formation,
  updates: readonly FormationUpdate[],
): Formation {
  const updated: Record<string, FormationEntry> = { ...formation };
  for (const update of updates) {
    const entry = Object.hasOwn(updated, update.type) ? updated[update.type] : undefined;
    if (!entry) throw unknownType(update.type, Object.keys(formation));
    updated[update.type] = updateEntry(entry, update);
  }
  return withinLimit(updated);
}

/** @throws PlatformError invalid_params when those are more dynos than an app may have */
export function withinLimit(formation: Formation): Formation {
  const total = Object.values(formation).reduce((sum, { quantity }) => sum + quantity, 0);
  if (total <= MOST_DYNOS) return formation;
  throw new PlatformError(
    'invalid_params',
    `That makes ${total} dynos; an app has at most ${MOST_DYNOS}. Ask for fewer.`,
  );
}

/** `Scaled to web@2:Standard-1X worker@0:Standard-1X` (reference section 2.14). */
export function scaledTo(formation: Formation): string {
  const rows = Object.entries(formation).map(
    ([type, { quantity, size }]) => `${type}@${quantity}:${size}`,
  );
  return `Scaled to ${rows.join(' ')}`;
}

/** The dynos of a formation, in its order: `web.1`, `web.2`, `worker.1`. */
export function dynoNames(formation: Formation): string[] {
  return Object.entries(formation).flatMap(([type, { quantity }]) =>
    Array.from({ length: quantity }, (_, index) => `${type}.${index + 1}`),
  );
}

/** What to say of a formation that has no dyno: an app that answers nothing looks broken. */
export function idleHint(formation: Formation): string {
  const [type] = Object.keys(formation);
  return type === undefined
    ? 'No dyno runs: the Procfile has only a release command.'
    : `No dyno runs: every process type is at 0. Start one with \`paas scale ${type}=1\`.`;
}

/**
 * A size in Heroku's spelling: `standard-2x` → `Standard-2X`.
 * @throws PlatformError invalid_params for a size that Heroku does not have
 */
export function sizeNamed(name: string): string {
  const size = SIZES.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (!size) {
    throw new PlatformError(
      'invalid_params',
      `No such dyno size: ${name}. Sizes are ${SIZES.join(', ')}.`,
    );
  }
  return size;
}

function updateEntry(entry: FormationEntry, update: FormationUpdate): FormationEntry {
  return {
    quantity: update.quantity === undefined ? entry.quantity : newQuantity(entry.quantity, update),
    size: update.size === undefined ? entry.size : sizeNamed(update.size),
  };
}

function newQuantity(current: number, { type, quantity }: FormationUpdate): number {
  const text = String(quantity);
  const relative = typeof quantity === 'string' && /^[+-]\d+$/.test(text);
  if (!relative && !/^\d+$/.test(text)) throw badQuantity(type, text);
  const wanted = relative ? current + Number(text) : Number(text);
  if (wanted < 0) throw badQuantity(type, text);
  return wanted;
}

function badQuantity(type: string, quantity: string): PlatformError {
  return new PlatformError(
    'invalid_params',
    `Can't scale ${type} to ${quantity}. Give a number from 0 to ${MOST_DYNOS}, such as ${type}=1.`,
  );
}

/** The sentence for a process type that the Procfile does not have. */
export function unknownType(type: string, types: readonly string[]): PlatformError {
  if (type === 'release') {
    const others = types.length > 0 ? ` Types of dynos: ${types.join(', ')}.` : '';
    const sentence = `release runs once for each release, never as a dyno.${others}`;
    return new PlatformError('not_found', sentence, { resource: 'formation' });
  }
  const known =
    types.length > 0 ? `The Procfile has ${types.join(', ')}.` : 'The Procfile has none.';
  return new PlatformError('not_found', `Couldn't find the process type ${type}. ${known}`, {
    resource: 'formation',
  });
}
