/** One command of the real program, as a user types it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** The program that package.json names. */
export const PAAS = resolve(ROOT, 'bin', 'run.js');

/** What a command printed and ended with. */
export interface CommandEnded {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + signal where a signal ended it. */
  readonly exitStatus: number;
}

export interface CommandOptions {
  readonly directory?: string;
  /** On top of a plain environment: no colours, and nothing of the one who tests. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads from stdin; nothing by default. */
  readonly input?: string;
}

/**
 * Runs `paas` with these words to its end.
 * @throws Error when it was not built: `npm test` builds first
 */
export function paas(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandEnded> {
  if (!existsSync(resolve(ROOT, 'dist'))) throw new Error('Build first: npm run build.');
  const child = spawn(process.execPath, [PAAS, ...words], {
    cwd: options.directory ?? ROOT,
    env: plainEnvironment(options.environment),
    stdio: 'pipe',
  });
  // A command that reads nothing may end before this is written.
  child.stdin.on('error', () => {}).end(options.input ?? '');
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  return new Promise((resolveEnded, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const exitStatus = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolveEnded({ ...output, exitStatus });
    });
  });
}

/** PATH and HOME, and what the test adds. */
export function plainEnvironment(
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), TERM: 'dumb', ...added };
}
