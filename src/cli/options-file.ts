/**
 * `.foreman` beside the Procfile: long options for every start, as foreman reads them
 * (https://ddollar.github.io/foreman/#DEFAULT-OPTIONS). What the command line says counts more.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../runtime/errors.js';
import { UsageError } from './failure.js';

export const OPTIONS_FILE = '.foreman';

/**
 * The options as words of a command line. Pure.
 * @param text `name: value` lines of YAML
 * @param known long names that there are
 * @param given names that are not taken from here: the command line has them
 * @throws UsageError with the line that is none, or names an option that there is not
 */
export function optionWords(
  text: string,
  known: ReadonlySet<string>,
  given: ReadonlySet<string>,
): string[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (/^\s*(#.*)?$|^---\s*$/.test(line)) return [];
    const where = `${OPTIONS_FILE}:${index + 1}`;
    const found = /^([a-z][\w-]*)\s*:\s*(?:"([^"]*)"|'([^']*)'|([^#]*?))\s*(?:#.*)?$/i.exec(line);
    if (!found) throw new UsageError(`${where}: "${line.trim()}" is no option. Write tty: web.`);
    const [, word = '', double, single, bare = ''] = found;
    const name = word === 'concurrency' ? 'formation' : word;
    if (!known.has(name)) {
      throw new UsageError(
        `${where}: there is no option ${word}. \`paas local start --help\` lists them.`,
      );
    }
    if (given.has(name)) return [];
    const value = double ?? single ?? bare;
    if (value === 'false') return [];
    return value === 'true' ? [`--${name}`] : [`--${name}`, value];
  });
}

/** @returns undefined when there is none. @throws UsageError when it cannot be read */
export function readOptionsFile(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, OPTIONS_FILE), 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new UsageError(`${OPTIONS_FILE} can't be read (${(error as Error).message}).`);
  }
}
