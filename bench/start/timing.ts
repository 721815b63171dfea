/** Timing programs from outside, as a user at the terminal would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program of Node that is timed. */
export interface Contender {
  readonly title: string;
  /** What Node is given: a file and its words, or `-e 0`. */
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts it with its stdout in a pipe. */
export function launch({ words, folder, environment }: Contender): ChildProcess {
  return spawn(process.execPath, [...words], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** @returns ms from the start of the program to its end */
export async function timeToEnd(contender: Contender): Promise<number> {
  const begin = performance.now();
  const child = launch(contender);
  child.stdout?.resume();
  await once(child, 'exit');
  return performance.now() - begin;
}

/**
 * Ends the program once the line was seen, and waits until it has ended.
 * @returns ms from the start of the program until its stdout has the text
 * @throws Error when it ends without
 */
export async function timeToLine(contender: Contender, text: string): Promise<number> {
  const begin = performance.now();
  const child = launch(contender);
  const exit = once(child, 'exit');
  const seen = await untilSaid(child, text);
  child.kill('SIGINT');
  await exit;
  if (seen === undefined) throw new Error(`${contender.title} ended before it said ${text}.`);
  return seen - begin;
}

async function untilSaid(child: ChildProcess, text: string): Promise<number | undefined> {
  let said = '';
  return new Promise((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      // The command itself is printed too: the line is what follows the bar alone.
      if (new RegExp(`\\|\\s+${text}\\s*$`, 'm').test(said)) resolve(performance.now());
    });
    child.once('exit', () => resolve(undefined));
  });
}
