/** Which stored variant of a URI answers a request (RFC 9111 4.1). Pure. */
import { lines, listMembers } from './fields.js';
import type { RawHeaders } from './messages.js';

/** Fields whose members are languages or tokens, ranked by `q`, in which case and order say nothing. */
const RANKED_FIELDS = new Set(['accept-language', 'accept-encoding', 'accept-charset']);

/**
 * The request fields that `Vary` names, in lower case, sorted, each once.
 * @returns undefined when it has a `*`: such a response answers no other request
 */
export function varyFields(headers: RawHeaders): readonly string[] | undefined {
  const named = listMembers(lines(headers, 'vary'));
  if (named.includes('*')) return undefined;
  return [...new Set(named)].sort();
}

/**
 * The values by which a variant was chosen, as one string: two requests with the same string get the
 * same variant. An absent field equals only an absent one.
 * @param rerouting the request's fields that pass for another host or path, part of every variant
 */
export function variantOf(
  fields: readonly string[],
  headers: RawHeaders,
  rerouting: string,
): string {
  let variant = rerouting;
  for (const field of fields) {
    const values = lines(headers, field);
    variant += values.length === 0 ? `${field}\n` : `${field}:${normal(field, values)}\n`;
  }
  return variant;
}

/**
 * The language that a request wants above all others.
 * @returns undefined when it asks for none, or for several equally
 */
export function preferredLanguage(headers: RawHeaders): string | undefined {
  const [first, second] = ranked(listMembers(lines(headers, 'accept-language')));
  if (first === undefined || first.member === '*') return undefined;
  return second !== undefined && second.quality === first.quality ? undefined : first.member;
}

/** White space and the splitting of a list over lines say nothing (RFC 9110 5.3, 5.6.1). */
function normal(field: string, values: readonly string[]): string {
  if (RANKED_FIELDS.has(field))
    return normalRanking(values.length === 1 ? values[0]! : values.join());
  if (values.length === 1 && !values[0]!.includes(',')) return values[0]!.trim();
  const all = values.join(',');
  // A comma inside quotes may be no separator: such a value is compared as it is.
  if (all.includes('"')) return all;
  return all
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
    .join(',');
}

/** Rankings that were read lately: browsers send the same few on every request. */
const rankings = new Map<string, string>();
const MOST_RANKINGS = 500;

function normalRanking(value: string): string {
  const known = rankings.get(value);
  if (known !== undefined) return known;
  const normal = ranked(listMembers([value]))
    .map(({ member, quality }) => `${member};q=${quality}`)
    .join(',');
  if (rankings.size >= MOST_RANKINGS) rankings.clear();
  rankings.set(value, normal);
  return normal;
}

interface Ranked {
  readonly member: string;
  readonly quality: number;
}

function ranked(members: readonly string[]): Ranked[] {
  return members
    .map((text) => {
      const [member = '', ...parameters] = text.split(';').map((part) => part.trim());
      const stated = parameters.find((parameter) => parameter.startsWith('q='));
      const quality = stated === undefined ? 1 : Number.parseFloat(stated.slice(2));
      return { member, quality: Number.isNaN(quality) ? 0 : quality };
    })
    .sort((one, other) => other.quality - one.quality || (one.member < other.member ? -1 : 1));
}
