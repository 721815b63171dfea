/** From the words of a command line to a command. Pure. */

/** Commands by id (`config:set`), aliases included; written by the build as `commands.json`. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;

export interface CommandEntry {
  /** Its id, also where it was called by an alias. */
  readonly id: string;
  /** Its file, from the build's folder: `commands/config/set.js`. */
  readonly file: string;
  readonly passThrough: boolean;
  readonly takesArguments: boolean;
}

export interface FoundCommand {
  readonly entry: CommandEntry;
  /** The words behind the command's name. */
  readonly argv: readonly string[];
}

/** Most words that the name of a command has. */
const LONGEST_NAME = 3;

/**
 * The command with the longest name that the words begin with; `a:b` and `a b` are the same.
 * @returns undefined when no command has that name
 */
export function findCommand(
  words: readonly string[],
  table: CommandTable,
): FoundCommand | undefined {
  const names = leadingNames(words);
  for (let count = names.length; count > 0; count -= 1) {
    const id = names.slice(0, count).join(':');
    if (Object.hasOwn(table, id)) return { entry: table[id]!, argv: words.slice(count) };
  }
  return undefined;
}

/** True when the command's help is asked for rather than the command. */
export function asksForHelp({ entry, argv }: FoundCommand): boolean {
  for (const word of argv) {
    if (word === '--help' || word === '-h') return true;
    if (word === '--' || (entry.passThrough && !word.startsWith('-'))) return false;
  }
  return false;
}

/** True for `config sett A=1`: `config` takes no words, so `sett` was meant as a part of the name. */
export function isMistyped({ entry, argv }: FoundCommand, table: CommandTable): boolean {
  return !entry.takesArguments && leadingNames(argv).length > 0 && isTopic(entry.id, table);
}

/** True for the first part of a command's name: `config` of `config:set`. */
export function isTopic(id: string, table: CommandTable): boolean {
  return Object.keys(table).some((name) => name.startsWith(`${id}:`));
}

/** The words that can be part of a command's name. */
export function leadingNames(words: readonly string[]): string[] {
  const first = words.slice(0, LONGEST_NAME);
  const end = first.findIndex((word) => !/^[a-z][a-z0-9:-]*$/i.test(word));
  return end < 0 ? [...first] : first.slice(0, end);
}
