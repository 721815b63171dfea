/** What `--help` prints, and what is said about a command that does not exist. */
import { Config } from '@oclif/core/config';
import { CommandHelp } from '@oclif/core/help';
import { UsageError } from './failure.js';
import { type CommandTable, findCommand, isMistyped, isTopic, leadingNames } from './lookup.js';
import { nearest } from './nearest.js';
import { oclifOptions } from './oclif.js';
import { commandList, overview } from './overview.js';
import { colorFlag, painter, wantsColor, wrap } from './terminal.js';

/**
 * Prints the help that a command line asks for: of everything, of a topic, or of one command.
 * @param dist the folder of the build
 * @throws UsageError when there is no such command, with the one that was probably meant
 */
export async function help(dist: string, argv: readonly string[], table: CommandTable) {
  const words = argv[0] === 'help' ? argv.slice(1) : argv;
  const names = leadingNames(words);
  const found = findCommand(words, table);
  if (found && !isMistyped(found, table)) return commandHelp(dist, found.entry.id, argv);
  const topic = names.join(':');
  const listed = names.length === 0 || isTopic(topic, table);
  const strange = words.find((word) => !['--help', '-h', '--color', '--no-color'].includes(word));
  if (!listed || (names.length === 0 && strange)) throw unknown(words, names, table);
  const { commands } = await Config.load(oclifOptions(dist));
  const width = process.stdout.columns ?? 80;
  const paint = painter(paintsHelp(argv));
  process.stdout.write(
    topic === '' ? overview(commands, width, paint) : commandList(topic, commands, width, paint),
  );
}

/** The first line of the description, how it is used, and the commands below it. */
async function commandHelp(dist: string, id: string, argv: readonly string[]): Promise<void> {
  const config = await Config.load(oclifOptions(dist));
  const command = config.findCommand(id, { must: true });
  const [summary = '', ...description] = (command.description ?? '').split('\n');
  const colored = paintsHelp(argv);
  const width = process.stdout.columns ?? 80;
  const shown = { ...command, id: id.replaceAll(':', ' '), description: description.join('\n') };
  const options = { maxWidth: width, stripAnsi: !colored, docopts: false };
  const text = new CommandHelp(shown, config, options).generate();
  const below = commandList(id, config.commands, width, painter(colored));
  process.stdout.write(`${wrap(summary, width)}\n\n${text.trim()}\n${below && `\n${below}`}`);
}

function paintsHelp(argv: readonly string[]): boolean {
  return wantsColor(colorFlag(argv), process.env, process.stdout.isTTY === true);
}

function unknown(words: readonly string[], names: readonly string[], table: CommandTable) {
  const asked = names.length > 0 ? names.join(' ') : (words[0] ?? '');
  const meant = nearest(names.join(':').toLowerCase(), Object.keys(table));
  const first = meant ?? nearest((names[0] ?? '').toLowerCase(), Object.keys(table));
  const mend = first
    ? `Did you mean \`paas ${first.replaceAll(':', ' ')}\`?`
    : '`paas help` lists the commands.';
  return new UsageError(`There is no command "${asked}". ${mend}`);
}
