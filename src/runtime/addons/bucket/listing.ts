/** What a list of objects shows: a part of all keys, those under one folder as one. Pure. */

/** What was asked for. */
export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what comes behind it. */
  readonly after: string;
  readonly most: number;
}

/** A page of keys and of what they have in common. */
export interface Listing {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** The last one of this page, where more follow: what the next page is asked with. */
  readonly next?: string;
}

/** @param sorted all keys */
export function listingOf(sorted: readonly string[], query: ListQuery): Listing {
  const { prefix, delimiter, after, most } = query;
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last = after;
  const from = Buffer.from(after);
  for (const key of sorted) {
    if (!key.startsWith(prefix) || Buffer.compare(Buffer.from(key), from) <= 0) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const shared = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    if (shared !== undefined && (shared === prefixes.at(-1) || shared === after)) continue;
    if (keys.length + prefixes.length === most) return { keys, prefixes, next: last };
    if (shared === undefined) keys.push(key);
    else prefixes.push(shared);
    last = shared ?? key;
  }
  return { keys, prefixes };
}
