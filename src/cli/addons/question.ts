/** A question on the terminal. */
import { createInterface } from 'node:readline/promises';
import { ExitStatus } from '../failure.js';

/** 128 and the number of SIGINT, as a shell has it. */
const INTERRUPTED = 130;

/**
 * @returns what was typed; undefined when the input ended instead
 * @throws ExitStatus at Ctrl-C
 */
export async function ask(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      terminal.once('SIGINT', () => {
        process.stderr.write('\n');
        reject(new ExitStatus(INTERRUPTED));
      });
      terminal.once('close', () => resolve(undefined));
      terminal.question(question).then((answer) => resolve(answer.trim()), reject);
    });
  } finally {
    terminal.close();
  }
}
