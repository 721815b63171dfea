/** From the words of `paas logs` to what it looks for. Pure. */
import type { Grep, LogFilter } from '../../runtime/logplex/filter.js';
import { UsageError } from '../failure.js';

/** The flags of `paas logs` that choose lines. */
export interface LogFlags {
  readonly 'process-type'?: readonly string[] | undefined;
  readonly 'dyno-name'?: readonly string[] | undefined;
  readonly source?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly grep?: string | undefined;
  readonly 'ignore-case'?: boolean | undefined;
  readonly 'request-id'?: string | undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * @param now ms since the epoch
 * @throws UsageError for a time or an expression that cannot be read
 */
export function filterFrom(flags: LogFlags, now: number): LogFilter {
  const processes = list([...(flags['process-type'] ?? []), ...(flags['dyno-name'] ?? [])]);
  const { source, since, until, grep } = flags;
  return {
    ...(processes.length > 0 && { processes }),
    ...(source && { sources: list(source) }),
    ...(since && { since: timeFrom(since, now, 'since') }),
    ...(until && { until: timeFrom(until, now, 'until') }),
    ...(flags['request-id'] && { requestId: flags['request-id'] }),
    ...(grep && { grep: grepFrom(grep, flags['ignore-case'] ? 'i' : '') }),
  };
}

/**
 * A moment: `5m` (ago; `s`, `m`, `h`, `d`), or any date that ISO 8601 allows.
 * @param now ms since the epoch
 * @returns microseconds since the epoch
 * @throws UsageError
 */
export function timeFrom(text: string, now: number, flag: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (amount && unit) return Math.round((now - Number(amount) * UNITS[unit]!) * 1000);
  const date = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return date * 1000 + microseconds(text);
  throw new UsageError(
    `Can't read the time "${text}" of --${flag}. Give an age such as 5m, 2h or 1d, or a date such as 2026-08-04T18:25:43.`,
  );
}

/** `Date` knows milliseconds; the log has microseconds, and times are copied from it. */
function microseconds(text: string): number {
  return Number(/\.\d{3}(\d{1,3})/.exec(text)?.[1]?.padEnd(3, '0') ?? 0);
}

/**
 * A regular expression; or a plain `name=value`, which finds a field of a JSON line too.
 * @throws UsageError when it is not a regular expression
 */
export function grepFrom(pattern: string, flags: '' | 'i'): Grep {
  const [, name, value] = /^([A-Za-z_][\w.@-]*)=([\w/@:-]+)$/.exec(pattern) ?? [];
  if (name && value) return { kind: 'field', name, value };
  try {
    return { kind: 'regexp', expression: new RegExp(pattern, `u${flags}`) };
  } catch {
    return withoutUnicode(pattern, flags);
  }
}

/** What `u` refuses (`\-`, `{`) is allowed without it. */
function withoutUnicode(pattern: string, flags: '' | 'i'): Grep {
  try {
    return { kind: 'regexp', expression: new RegExp(pattern, flags) };
  } catch (error) {
    throw new UsageError(
      `"${pattern}" is not a regular expression (${(error as Error).message.replace(/^.*: /, '')}). Put a \\ before a character that is meant as it is.`,
    );
  }
}

/** `a,b` and repeated flags are one list. */
function list(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((value) => value !== '');
}
