/**
 * The Procfile: one `type: command` per line (https://devcenter.heroku.com/articles/procfile).
 * Liberal where parsers of the field differ and nothing is lost, strict where a line would vanish.
 */
import { PlatformError } from '../errors.js';
import type { ProcessTypes } from '../model.js';

const ENTRY = /^\s*([A-Za-z0-9_-]+)\s*:(.*)$/;

/**
 * Reads a Procfile's text: CRLF, a BOM, blank lines, `#` lines, `web:cmd` and indented entries are
 * all fine. The command is everything behind the first colon, trimmed.
 * @param file its name, for the error
 * @throws PlatformError failed for a line that is no entry, an entry without a command, or
 *   a type that stands there twice, with file, line number and the mend
 */
export function parseProcfile(text: string, file: string): ProcessTypes {
  const seen = new Map<string, { command: string; line: number }>();
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .forEach((content, index) => {
      if (/^\s*(#|$)/.test(content)) return;
      const line = index + 1;
      const [type, command] = parseEntry(content, `${file}:${line}`);
      const first = seen.get(type);
      if (first) {
        throw bad(
          `${file}:${line}`,
          `"${type}" is already declared on line ${first.line}. Give one of the two another name.`,
        );
      }
      seen.set(type, { command, line });
    });
  // A type may be called `constructor` or `__proto__`: no prototype, no surprise.
  const types: Record<string, string> = Object.create(null);
  for (const [type, { command }] of seen) types[type] = command;
  return types;
}

function parseEntry(content: string, place: string): [type: string, command: string] {
  const [, type, rest] = ENTRY.exec(content) ?? [];
  if (type === undefined || rest === undefined) throw bad(place, mendFor(content.trim()));
  const command = rest.trim();
  if (command === '')
    throw bad(place, `"${type}" has no command. Write what it runs behind the colon.`);
  if (command.includes('\0'))
    throw bad(place, `the command of "${type}" has a NUL byte. Remove it.`);
  return [type, command];
}

function mendFor(content: string): string {
  const colon = content.indexOf(':');
  if (colon === 0) return 'the name of the type is missing. Write it before the colon.';
  if (colon > 0) {
    const name = content.slice(0, colon).trim();
    return `${quote(name)} is no process type. Use letters, digits, "-" and "_", such as "web: npm start".`;
  }
  const [word, ...rest] = content.split(/\s+/);
  const guess = rest.length > 0 && /^[A-Za-z0-9_-]+$/.test(word ?? '');
  const example = guess ? `${word}: ${rest.join(' ')}` : 'web: npm start';
  return `${quote(content)} has no colon. Write "type: command", such as ${quote(example)}.`;
}

function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return JSON.stringify(short);
}

function bad(place: string, sentence: string): PlatformError {
  return new PlatformError('failed', `${place}: ${sentence}`);
}
