/** The grammar of `paas scale` and `paas ps:type`, which is Heroku's (reference section 2.15). Pure. */
import type { FormationJson } from '../runtime/api/representations.js';
import { UsageError } from './failure.js';

/** One row of a PATCH of the formation. A quantity is `3`, `+1` or `-1`. */
export interface ScaleUpdate {
  readonly type: string;
  readonly quantity?: string;
  readonly size?: string;
}

/**
 * `web=3`, `worker+1`, `worker-1`, `web=2:standard-2x`.
 * @throws UsageError for a word that is none of these
 */
export function parseScale(words: readonly string[]): ScaleUpdate[] {
  return words.map((word) => {
    const match = /^([\w-]+?)([=+-])(\d+)(?::([\w-]+))?$/.exec(word);
    if (!match) throw new UsageError(misread(word));
    const [, type = '', sign = '', digits = '', size] = match;
    const quantity = sign === '=' ? digits : `${sign}${digits}`;
    return { type, quantity, ...(size === undefined ? {} : { size }) };
  });
}

/**
 * `web=standard-2x`, or one size for all types.
 * @param types of the formation
 * @throws UsageError for a word that is neither
 */
export function parseSizes(words: readonly string[], types: readonly string[]): ScaleUpdate[] {
  const [only = ''] = words;
  if (words.length === 1 && /^[\w-]+$/.test(only))
    return types.map((type) => ({ type, size: only }));
  return words.map((word) => {
    const match = /^([\w-]+)=([\w-]+)$/.exec(word);
    if (!match?.[1] || !match[2]) {
      throw new UsageError(`Can't read "${word}". Write a type and its size: web=standard-2x.`);
    }
    return { type: match[1], size: match[2] };
  });
}

/** `web=3:Standard-2X worker=1:Standard-1X`: what `scale` prints and takes. */
export function reusable(formation: readonly FormationJson[]): string {
  return formation.map(({ type, quantity, size }) => `${type}=${quantity}:${size}`).join(' ');
}

/** `web at 3:Standard-2X, worker at 1:Standard-1X`, of the types that were asked for. */
export function nowRunning(
  formation: readonly FormationJson[],
  updates: readonly ScaleUpdate[],
): string {
  const asked = new Set(updates.map(({ type }) => type));
  return formation
    .filter(({ type }) => asked.has(type))
    .map(({ type, quantity, size }) => `${type} at ${quantity}:${size}`)
    .join(', ');
}

function misread(word: string): string {
  if (/=-\d/.test(word)) {
    return `Can't scale to a negative number: "${word}". Take dynos away with ${word.split('=')[0]}-1, or stop all with ${word.split('=')[0]}=0.`;
  }
  return `Can't read "${word}". Write a type and a number: web=3, worker+1, or web=2:standard-2x.`;
}
