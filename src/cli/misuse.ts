/** What oclif's parser has against a command line, as one sentence with its mend. Pure. */
import { nearest } from './nearest.js';

/** oclif's parser marks its errors with what it parsed. */
export interface ParseError extends Error {
  readonly parse?: { readonly input?: { readonly flags?: object } };
  /** Those that there are not. */
  readonly flags?: readonly string[];
}

export function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && ('parse' in error || 'oclif' in error);
}

/** @returns the sentence, and what to do next */
export function misuse(error: ParseError): string {
  const meant = error.flags?.flatMap((flag) => meantBy(flag, error) ?? []) ?? [];
  if (meant.length > 0) return `${sentenceOf(error)} Did you mean ${meant.join(' and ')}?`;
  return `${sentenceOf(error)} \`--help\` shows how it is used.`;
}

function meantBy(flag: string, { parse }: ParseError): string | undefined {
  if (!flag.startsWith('--')) return undefined; // of one letter, every other is as near
  const known = Object.keys(parse?.input?.flags ?? {});
  const name = flag.slice(2).replace(/=.*$/s, '').toLowerCase();
  const beginning = known.filter((candidate) => candidate.startsWith(name) && name.length > 1);
  const found = beginning.length === 1 ? beginning[0] : nearest(name, known);
  return found === undefined ? undefined : `--${found}`;
}

/** The parser's own words, as sentences on one line. */
function sentenceOf(error: ParseError): string {
  const message = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^Nonexistent flags?: (.*)$/s, (_, flags) => `There is no flag ${flags} here.`)
    .replace(/^Unexpected arguments?: (.*)$/s, (_, args) => `Didn't expect "${args}".`)
    .replace(/^Missing \d+ required args?:?\s*/, 'Missing: ')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/^Parsing (--\S+)\s+Expected (an? )?/, '$1: expected $2')
    .replace(/^Expected (\S+) to be one of: (.*)$/s, "$1 won't do. Choose one of: $2")
    .replace(/\s*\n\s*/g, '; ')
    .replace(/\s{2,}/g, ' (')
    .trim();
  const closed = message.includes(' (') && !message.includes(')') ? `${message})` : message;
  return /[.!?]$/.test(closed) ? closed : `${closed}.`;
}
