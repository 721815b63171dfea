/** Cache-Control for this kind of cache alone (RFC 9213): `CDN-Cache-Control`. Pure; never throws. */
import { isInnerList, parseDictionary, Token } from 'structured-headers';
import type { Directives } from './directives.js';
import { combined } from './fields.js';
import type { RawHeaders } from './messages.js';

/**
 * The directives of CDN-Cache-Control, which replace Cache-Control and Expires where they are present.
 * @returns undefined when the field is absent, empty, or no Structured Fields dictionary (then it is
 * to be ignored as a whole)
 */
export function targetedDirectives(headers: RawHeaders): Directives | undefined {
  const value = combined(headers, 'cdn-cache-control');
  if (value === undefined) return undefined;
  const dictionary = dictionaryOf(value);
  if (dictionary === undefined || dictionary.size === 0) return undefined;
  const directives = new Map<string, string | true>();
  for (const [name, member] of dictionary) {
    if (isInnerList(member)) continue;
    const argument = argumentOf(name, member[0]);
    if (argument !== undefined) directives.set(name, argument);
  }
  return directives;
}

function dictionaryOf(value: string): ReturnType<typeof parseDictionary> | undefined {
  try {
    return parseDictionary(value);
  } catch {
    return undefined;
  }
}

/** A time must be an integer (RFC 9213 2.2): `max-age="60"` says nothing. `?0` is a directive unsaid. */
function argumentOf(name: string, value: unknown): string | true | undefined {
  if (value === true) return true;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : undefined;
  const timed = name.endsWith('age') || name.startsWith('stale-');
  if (timed) return undefined;
  if (value instanceof Token) return value.toString();
  return typeof value === 'string' ? value : undefined;
}
