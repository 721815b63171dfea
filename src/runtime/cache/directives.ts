/** The directives of Cache-Control (RFC 9111 5.2), read as its grammar has them. Pure; never throws. */

/** Names in lower case, each with its argument without quotes, or `true` when it has none. */
export type Directives = ReadonlyMap<string, string | true>;

/** The longest time that a directive can say, in seconds (RFC 9111 1.2.2). */
export const LONGEST_SECONDS = 2_147_483_648;

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;

/**
 * Reads every line of a Cache-Control field. Of a repeated directive the first counts (RFC 9111 4.2.1).
 * Where the grammar is broken, restrictions still count and permissions do not: a quote that is never
 * closed hides no `no-store` behind it, and `max-age =60` is stale.
 */
export function parseDirectives(values: readonly string[]): Directives {
  const directives = new Map<string, string | true>();
  for (const value of values) readLine(value, directives);
  return directives;
}

/**
 * The seconds that a directive says.
 * @returns undefined when it is absent; 0 when its argument is no number of seconds, which makes the
 * response stale rather than fresh by another rule
 */
export function seconds(directives: Directives, name: string): number | undefined {
  const argument = directives.get(name);
  if (argument === undefined) return undefined;
  return argument === true ? 0 : (deltaSeconds(argument) ?? 0);
}

/** `delta-seconds` (RFC 9111 1.2.2): digits only, too large a number is the largest one. */
export function deltaSeconds(text: string): number | undefined {
  return /^\d+$/.test(text) ? Math.min(Number(text), LONGEST_SECONDS) : undefined;
}

/** The field names in the argument of a qualified `no-cache` or `private`, in lower case. */
export function namedFields(directives: Directives, name: 'no-cache' | 'private'): string[] {
  const argument = directives.get(name);
  if (argument === undefined || argument === true) return [];
  return argument
    .split(',')
    .map((field) => field.trim().toLowerCase())
    .filter((field) => field !== '');
}

/** True when a directive stands without field names, so that it speaks of the whole response. */
export function isUnqualified(directives: Directives, name: 'no-cache' | 'private'): boolean {
  return directives.has(name) && namedFields(directives, name).length === 0;
}

function readLine(line: string, into: Map<string, string | true>): void {
  let at = skipSpace(line, 0);
  while (at < line.length) {
    const name = match(TOKEN, line, at);
    if (name === undefined) {
      at = nextMember(line, at);
      continue;
    }
    at += name[0].length;
    const argument = line[at] === '=' ? readArgument(line, at + 1) : undefined;
    if (argument !== undefined) at = argument.end;
    // `max-age =3600`, `no-store;x`: the name counts as a restriction, its argument as invalid.
    const malformed = line.slice(at, nextComma(line, at)).trim() !== '';
    const key = name[0].toLowerCase();
    if (!into.has(key)) into.set(key, malformed ? '' : (argument?.value ?? true));
    at = nextMember(line, at);
  }
}

function readArgument(line: string, at: number): { value: string; end: number } {
  const quoted = match(QUOTED, line, at);
  if (quoted !== undefined) {
    return { value: quoted[1]!.replace(/\\(.)/g, '$1'), end: at + quoted[0].length };
  }
  const end = nextComma(line, at);
  return { value: line.slice(at, end).trimEnd(), end };
}

function match(pattern: RegExp, line: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

function nextComma(line: string, at: number): number {
  const comma = line.indexOf(',', at);
  return comma === -1 ? line.length : comma;
}

function nextMember(line: string, at: number): number {
  return skipSpace(line, nextComma(line, at) + 1);
}

function skipSpace(line: string, at: number): number {
  let next = at;
  while (line[next] === ' ' || line[next] === '\t') next += 1;
  return next;
}
