/**
 * The `.env` file: dotenv's dialect, read with line numbers and edited in place. Values are those
 * of the `dotenv` package with one difference that users of every rival ask for: a `#` inside an
 * unquoted value (`URL=http://x/#top`) belongs to the value; only one behind white space starts a
 * comment.
 */
import { parse as parseDotenv } from 'dotenv';
import { PlatformError } from '../errors.js';

/** One assignment of an env file. */
export interface EnvEntry {
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where the assignment begins and ends in the text, its line end not included. */
  readonly start: number;
  readonly end: number;
  /** Where the value (quotes included) begins and ends. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

const KEY = /[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*|:[ \t]+)/y;
const QUOTED = /'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`/y;
const REST_OF_LINE = /[ \t]*(?:#[^\r\n]*)?(?=\r|\n|$)/y;
const LINE = /[^\r\n]*/y;
const SKIPPED = /[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|$)/y;

/**
 * Reads an env file: `export`, quotes, multi-line values, CRLF and a BOM as dotenv has them.
 * @param file its name, for the error
 * @returns the assignments in order; a key may stand there twice, the last one counts
 * @throws PlatformError failed for a line that is no assignment and for a quote that is
 *   never closed, with file, line number and the mend
 */
export function parseEnvFile(text: string, file: string): EnvEntry[] {
  const entries: EnvEntry[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const skipped = match(SKIPPED, text, at);
    if (skipped !== undefined) {
      at += skipped.length;
      line += 1;
      continue;
    }
    const entry = parseAssignment(text, at, line, file);
    entries.push(entry);
    line += countLines(text.slice(at, entry.end));
    at = entry.end;
    const rest = match(/[^\r\n]*(?:\r\n|\n|\r|$)/y, text, at) ?? '';
    at += rest.length;
    line += 1;
  }
  return entries;
}

/**
 * Sets and removes assignments, comments and order kept.
 * @param changes null removes a key; a new key goes to the end
 * @returns the new text
 * @throws PlatformError invalid_params when a value cannot be written in this format
 */
export function editEnvFile(
  text: string,
  file: string,
  changes: Readonly<Record<string, string | null>>,
): string {
  return Object.entries(changes).reduce(
    (edited, [key, value]) =>
      value === null ? remove(edited, file, key) : set(edited, file, key, value),
    text,
  );
}

/** The values of an env file: the last assignment of a key counts. */
export function valuesOf(entries: readonly EnvEntry[]): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const { key, value } of entries) values[key] = value;
  return values;
}

function parseAssignment(text: string, at: number, line: number, file: string): EnvEntry {
  KEY.lastIndex = at;
  const head = KEY.exec(text);
  if (!head?.[1]) throw bad(file, line, noAssignment(match(LINE, text, at) ?? ''));
  const key = head[1];
  const valueStart = at + head[0].length;
  const quoted = match(QUOTED, text, valueStart);
  const closed = quoted !== undefined && matches(REST_OF_LINE, text, valueStart + quoted.length);
  if (closed) {
    const valueEnd = valueStart + quoted.length;
    const value = parseDotenv(`K=${quoted}`)['K'] ?? '';
    return { key, value, line, start: at, end: valueEnd, valueStart, valueEnd };
  }
  const raw = match(LINE, text, valueStart) ?? '';
  if (/^['"`]/.test(raw) && !raw.slice(1).includes(raw.charAt(0))) {
    throw bad(
      file,
      line,
      `the value of ${key} opens with ${raw.charAt(0)} and is never closed. Close the quote.`,
    );
  }
  const value = withoutComment(raw);
  const valueEnd = valueStart + value.length;
  return { key, value: value.trim(), line, start: at, end: valueEnd, valueStart, valueEnd };
}

/** An unquoted value ends before white space and `#`. */
function withoutComment(raw: string): string {
  if (raw.startsWith('#')) return '';
  const comment = /[ \t]+#/.exec(raw);
  return (comment ? raw.slice(0, comment.index) : raw).trimEnd();
}

function set(text: string, file: string, key: string, value: string): string {
  const entry = parseEnvFile(text, file)
    .filter((candidate) => candidate.key === key)
    .at(-1);
  for (const spelled of spellings(value)) {
    const edited = entry
      ? text.slice(0, entry.valueStart) + spelled + text.slice(entry.valueEnd)
      : append(text, `${key}=${spelled}`);
    if (says(edited, file, key, value)) return edited;
  }
  throw new PlatformError(
    'invalid_params',
    `The value of ${key} can't be written in ${file}: it has every kind of quote. Encode it, as base64 for example.`,
  );
}

/** Every way to write a value, the calmest first. Which of them is right, reading it back decides. */
function spellings(value: string): string[] {
  const quoted = [`"${value}"`, `'${value}'`, `\`${value}\``, `"${value.replaceAll('\n', '\\n')}"`];
  return /^[\w./:@%+,=-]*$/.test(value) ? [value, ...quoted] : [...quoted, value];
}

function says(text: string, file: string, key: string, value: string): boolean {
  try {
    return valuesOf(parseEnvFile(text, file))[key] === value;
  } catch {
    return false;
  }
}

function append(text: string, assignment: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = text === '' || /[\r\n]$/.test(text) ? '' : newline;
  return `${text}${separator}${assignment}${newline}`;
}

function remove(text: string, file: string, key: string): string {
  const entries = parseEnvFile(text, file).filter((entry) => entry.key === key);
  return entries.reduceRight((edited, { start, end }) => {
    const tail = match(/[^\r\n]*(?:\r\n|\n|\r|$)/y, edited, end) ?? '';
    return edited.slice(0, start) + edited.slice(end + tail.length);
  }, text);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function countLines(text: string): number {
  return text.split(/\r\n|\n|\r/).length - 1;
}

function noAssignment(content: string): string {
  const short = content.trim().slice(0, 40);
  const word = /^[\w.-]+/.exec(short)?.[0] ?? 'NAME';
  return `${JSON.stringify(short)} is no assignment. Write ${word}=value, or put # before it.`;
}

function bad(file: string, line: number, sentence: string): PlatformError {
  return new PlatformError('failed', `${file}:${line}: ${sentence}`);
}
