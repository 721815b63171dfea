/** Redis on the command line: by `redis-cli` where there is one, else command by command through the platform. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isSystemError } from '../../runtime/errors.js';

/** What a Redis answers to one command. */
export type Reply = string | number | null | { readonly error: string } | readonly Reply[];

/**
 * Runs redis-cli on the user's own terminal.
 * @param words a command to run; none: a shell
 * @returns its exit status; undefined when this machine has no such program
 */
export async function runRedisCli(
  address: URL,
  words: readonly string[],
): Promise<number | undefined> {
  for (const program of ['valkey-cli', 'redis-cli']) {
    const status = await run(program, address, words);
    if (status !== undefined) return status;
  }
  return undefined;
}

function run(program: string, address: URL, words: readonly string[]): Promise<number | undefined> {
  const where = ['-h', address.hostname, '-p', address.port, '--no-auth-warning'];
  const child = spawn(program, [...where, ...words], {
    // Not among the words: those are shown by every list of processes.
    env: { ...process.env, REDISCLI_AUTH: decodeURIComponent(address.password) },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (isSystemError(error, 'ENOENT')) resolve(undefined);
      else reject(error);
    });
    child.once('close', (status) => resolve(status ?? 1));
  });
}

/** Reads commands from stdin, one per line, until it ends. @param ask sends one @param prompt shown on a terminal */
export async function redisShell(
  ask: (words: string[]) => Promise<Reply>,
  prompt: string,
): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt });
  lines.prompt();
  for await (const line of lines) {
    const words = wordsIn(line);
    if (words[0] === 'quit' || words[0] === 'exit') break;
    if (words.length > 0) process.stdout.write(`${renderReply(await ask(words))}\n`);
    lines.prompt();
  }
  lines.close();
}

/** Words of a command; quotes keep spaces together. Pure. */
export function wordsIn(line: string): string[] {
  const found = line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g);
  return [...found].map(
    ([, double, single, plain]) => double?.replace(/\\(.)/g, '$1') ?? single ?? plain ?? '',
  );
}

/** A reply as redis-cli prints it. Pure. */
export function renderReply(reply: Reply, margin = ''): string {
  if (reply === null) return '(nil)';
  if (typeof reply === 'number') return `(integer) ${reply}`;
  if (typeof reply === 'string') return JSON.stringify(reply);
  if ('error' in reply) return `(error) ${reply.error}`;
  if (reply.length === 0) return '(empty array)';
  return reply
    .map((each, index) => {
      const number = `${index + 1}) `;
      return `${index === 0 ? '' : margin}${number}${renderReply(each, margin + ' '.repeat(number.length))}`;
    })
    .join('\n');
}
