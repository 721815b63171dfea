/** What the terminal can show: colour, width, wrapped text. Pure, given the environment. */

import { Chalk } from 'chalk';

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours in the words of their meaning on a terminal; each leaves the text alone when colour is off. */
export interface Paint {
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/**
 * Whether to colour. The published conventions disagree when several are set; ours is: the flag,
 * then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, then whether it is a terminal that is not `dumb`.
 * @param flag what `--color` or `--no-color` said
 * @param isTerminal of the stream that is written to
 */
export function wantsColor(
  flag: boolean | undefined,
  environment: Environment,
  isTerminal: boolean,
): boolean {
  if (flag !== undefined) return flag;
  if (environment['NO_COLOR']) return false;
  if (isSwitchedOn(environment['FORCE_COLOR'])) return true;
  if (environment['FORCE_COLOR'] !== undefined) return false;
  if (isSwitchedOn(environment['CLICOLOR_FORCE'])) return true;
  return isTerminal && environment['TERM'] !== 'dumb';
}

/** The same from the command line as typed, for words that are printed before it is parsed. */
export function colorFlag(argv: readonly string[]): boolean | undefined {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  const last = flags.findLast((word) => word === '--color' || word === '--no-color');
  return last === undefined ? undefined : last === '--color';
}

/** A set of colours that are on or off together. Whether, we decide: chalk's own rule is another. */
export function painter(enabled: boolean): Paint {
  const chalk = new Chalk({ level: enabled ? 1 : 0 });
  return {
    enabled,
    bold: chalk.bold,
    dim: chalk.dim,
    red: chalk.red,
    green: chalk.green,
    yellow: chalk.yellow,
    cyan: chalk.cyan,
  };
}

/** Columns that a text takes: without colours, one per character. */
export function widthOf(text: string): number {
  return [...stripColor(text)].length;
}

/** The text without its colours and links. */
export function stripColor(text: string): string {
  return text.replace(/\x1b\[[0-9;]*m/g, '');
}

/**
 * Breaks each line at spaces so that none is wider than the terminal. A word that is longer than
 * the line stays whole: a path or a URL must survive being copied.
 * @param width in columns; Infinity leaves the lines alone
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (widthOf(line) <= width ? line : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && widthOf(longer) > width) {
      lines.push(current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current].join('\n');
}

function isSwitchedOn(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false';
}
