/** What `--help` prints, and what is said about a command that does not exist. */
import { Config } from '@oclif/core/config';
import { CommandHelp } from '@oclif/core/help';
import { UsageError } from './failure.js';
import { type CommandTable, findCommand, isMistyped, isTopic, leadingNames } from './lookup.js';
import { nearest } from './nearest.js';
import { oclifOptions } from './oclif.js';
import { commandList, overview } from './overview.js';
import { type Paint, wrap } from './terminal.js';

/** What the help is written on. */
export interface Screen {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
}

/**
 * The help that a command line asks for: of everything, of a topic, or of one command.
 * @param dist the folder of the build
 * @throws UsageError when there is no such command, with the one that was probably meant
 */
export async function help(
  dist: string,
  argv: readonly string[],
  table: CommandTable,
  screen: Screen,
): Promise<string> {
  const words = ['help', '--help', '-h'].includes(argv[0] ?? '') ? argv.slice(1) : argv;
  const names = leadingNames(words);
  const found = findCommand(words, table);
  if (found && !isMistyped(found, table)) return commandHelp(dist, found.entry.id, screen);
  const topic = names.join(':');
  const listed = names.length === 0 || isTopic(topic, table);
  const strange = words.find((word) => !['--help', '-h', '--color', '--no-color'].includes(word));
  if (!listed || (names.length === 0 && strange)) throw unknown(words, names, table);
  const { commands } = await Config.load(oclifOptions(dist));
  return topic === ''
    ? overview(commands, screen.width, screen.paint)
    : commandList(topic, commands, screen.width, screen.paint);
}

/** The first line of the description, how it is used, and the commands below it. */
async function commandHelp(dist: string, id: string, { width, paint }: Screen): Promise<string> {
  const config = await Config.load(oclifOptions(dist));
  const command = config.findCommand(id, { must: true });
  const [summary = '', ...description] = (command.description ?? '').split('\n');
  const shown = { ...command, id: id.replaceAll(':', ' '), description: description.join('\n') };
  // oclif wraps the texts of flags up to two columns too late.
  const options = { maxWidth: width - 2, stripAnsi: !paint.enabled, docopts: false };
  const text = new CommandHelp(shown, config, options).generate();
  const below = commandList(id, config.commands, width, paint);
  return `${wrap(summary, width)}\n\n${text.trim()}\n${below && `\n${below}`}`;
}

function unknown(words: readonly string[], names: readonly string[], table: CommandTable) {
  const asked = names.length > 0 ? names.join(' ') : (words[0] ?? '');
  const name = names.join(':').toLowerCase();
  const ids = Object.keys(table);
  // `paas start`: what is meant is the end of one name.
  const endings = ids.filter((id) => id.endsWith(`:${name}`));
  const meant = endings.length === 1 ? endings[0] : nearest(name, ids);
  const first = meant ?? nearest((names[0] ?? '').toLowerCase(), ids);
  const mend = first
    ? `Did you mean \`paas ${first.replaceAll(':', ' ')}\`?`
    : '`paas help` lists the commands.';
  return new UsageError(`There is no command "${asked}". ${mend}`);
}
