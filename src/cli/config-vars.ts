/** Config vars on the command line: reading `KEY=value`, quoting, and what a change changed. Pure. */
import { UsageError } from './failure.js';

export type ConfigVars = Readonly<Record<string, string>>;

/**
 * `KEY=value` words as the body of a PATCH; everything behind the first `=` is the value.
 * @throws UsageError for a word without a key or without `=`
 */
export function parseAssignments(words: readonly string[]): Record<string, string> {
  const changes: Record<string, string> = Object.create(null);
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals < 1) {
      throw new UsageError(`Can't read "${word}". Write KEY=value; quote a value that has spaces.`);
    }
    changes[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return changes;
}

/** A value that a POSIX shell reads back as it is. */
export function shellQuote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Keys whose value is another one now, new and removed ones included, sorted. */
export function changedKeys(before: ConfigVars, after: ConfigVars): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).sort();
}

/** Where a config var has its value from, as the API says it. */
export interface Origin {
  readonly value: string;
  /** `.env`, `app.json`, `the environment that paas was started in`. */
  readonly source: string;
  readonly line?: number;
}

/** The value that counts and those that it hides: `FOO=bar` from `.env`, line 3. */
export function explanation(
  key: string,
  { overrides, ...counting }: Origin & { overrides: readonly Origin[] },
): string {
  const hidden = overrides
    .toReversed()
    .map((origin) => `  hides ${JSON.stringify(origin.value)} from ${place(origin)}`);
  return [`${key}=${shellQuote(counting.value)}`, `  from ${place(counting)}`, ...hidden].join(
    '\n',
  );
}

function place({ source, line }: Origin): string {
  return line === undefined ? source : `${source}, line ${line}`;
}
