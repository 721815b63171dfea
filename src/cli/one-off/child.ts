/** The process of an attached one-off dyno: a child on our own terminal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PlatformError } from '../../runtime/errors.js';

/** How the platform says to run it. */
export interface LocalCommand {
  readonly program: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The terminal sends these to the whole foreground group, the child included: what they mean is
 * the child's decision, and we only wait.
 */
const LEFT_TO_THE_CHILD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** These are sent to us alone. */
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];

/** ms that the child has between SIGHUP, SIGTERM and SIGKILL when the platform is gone. */
const GRACE = 5000;

/**
 * Runs the command with our own stdin, stdout and stderr, so that it has a terminal when we have.
 * @param platformGone resolves when the platform stops: the child is hung up then
 * @param hungUp is called when our terminal is gone
 * @returns the exit status, 128 + signal where a signal ended it
 * @throws PlatformError unavailable when no shell can be started
 */
export async function runChild(
  local: LocalCommand,
  platformGone: Promise<void>,
  hungUp: () => void = () => {},
): Promise<number> {
  const ignore = () => {};
  for (const signal of LEFT_TO_THE_CHILD) process.on(signal, ignore);
  const [file, ...words] = local.program;
  const child = spawn(file, words, { cwd: local.cwd, env: local.env, stdio: 'inherit' });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  process.once('SIGHUP', hungUp);
  void platformGone.then(() => hangUp(child));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)));
    child.once('exit', (code, signal) => {
      for (const each of LEFT_TO_THE_CHILD) process.off(each, ignore);
      for (const each of PASSED_ON) process.removeAllListeners(each);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function hangUp(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGHUP');
  const term = setTimeout(() => child.kill('SIGTERM'), GRACE);
  const kill = setTimeout(() => child.kill('SIGKILL'), 2 * GRACE);
  child.once('exit', () => {
    clearTimeout(term);
    clearTimeout(kill);
  });
}

function notStarted(error: Error): PlatformError {
  return new PlatformError('unavailable', `Couldn't start a shell (${error.message}).`);
}
