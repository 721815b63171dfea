/**
 * The front door. It finds the command's file in a table that the build wrote, loads that one file,
 * and runs it; oclif's loader and help are loaded only when help is asked for.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeFailure, ExitStatus } from './failure.js';
import { asksForHelp, type CommandTable, findCommand, isMistyped } from './lookup.js';
import { colorFlag, painter, wantsColor, wrap } from './terminal.js';
import { version } from './version.js';

/** The folder of the build: dist. */
const dist = join(import.meta.dirname, '..');

/**
 * Runs one command line and sets the exit status.
 * @param argv the words behind `paas`
 */
export async function main(argv: readonly string[]): Promise<void> {
  leaveQuietlyWithTheReader();
  try {
    await dispatch(argv);
  } catch (error) {
    process.exitCode = error instanceof ExitStatus ? error.exitStatus : tell(error, argv);
  }
}

async function dispatch(argv: readonly string[]): Promise<void> {
  const [first] = argv;
  if (first === '--version' || first === '-v' || (first === 'version' && argv.length === 1)) {
    process.stdout.write(
      `paas/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
    );
    return;
  }
  const table = JSON.parse(readFileSync(join(dist, 'commands.json'), 'utf8')) as CommandTable;
  const found = findCommand(argv, table);
  if (found && !asksForHelp(found) && !isMistyped(found, table)) {
    const load = createRequire(import.meta.filename);
    await load(join(dist, found.entry.file)).default.run(found.argv);
    return;
  }
  const { help } = await import('./help.js');
  const { columns: width = 80, isTTY } = process.stdout;
  const paint = painter(wantsColor(colorFlag(argv), process.env, isTTY === true));
  process.stdout.write(await help(dist, argv, table, { width, paint }));
}

/** `paas logs | head`: the reader has seen enough, which is no fault. A full disk is one. */
function leaveQuietlyWithTheReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`Error: Can't write the output (${error.code}). Send it elsewhere.\n`);
    process.exit(1);
  });
}

/**
 * Says on stderr what went wrong (as JSON on stdout too, with `--json`).
 * @returns the exit status
 */
function tell(error: unknown, argv: readonly string[]): number {
  const { id, message, exitStatus } = describeFailure(error);
  const { isTTY, columns } = process.stderr;
  const paint = painter(wantsColor(colorFlag(argv), process.env, isTTY === true));
  const width = isTTY ? columns : Number.POSITIVE_INFINITY;
  process.stderr.write(`${wrap(`${paint.red('Error:')} ${message}`, width)}\n`);
  if (/(^|[,\s])paas/.test(process.env['DEBUG'] ?? '') && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  if (argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { id, message } }, null, 2)}\n`);
  }
  return exitStatus;
}
