/** Starts the child of a dyno: on pipes, or on a terminal where one is wanted and can be had. */
import { existsSync } from 'node:fs';
import { type Child, type LaunchFailure, type LaunchOptions, launch } from './launch.js';
import { launchOnTerminal, type TerminalSize } from './terminal.js';

/**
 * @param terminal size of the terminal; undefined for pipes
 * @param say is told when there is no terminal to be had
 * @returns the child at once where that is possible: nothing may delay the first dyno
 */
export function startChild(
  options: LaunchOptions,
  terminal: TerminalSize | undefined,
  say: (line: string) => void,
): Child | Promise<Child | LaunchFailure> {
  // The terminal's package would tell a folder that is gone as the end of the command.
  if (!terminal || !existsSync(options.directory)) return launch(options);
  return onTerminal(options, terminal, say);
}

async function onTerminal(
  options: LaunchOptions,
  terminal: TerminalSize,
  say: (line: string) => void,
): Promise<Child | LaunchFailure> {
  const child = await launchOnTerminal(options, terminal);
  if (child) return child;
  say(
    'No terminal: the optional package @lydell/node-pty cannot be loaded, so this dyno runs without one. Install it with: npm install @lydell/node-pty',
  );
  return launch(options);
}
