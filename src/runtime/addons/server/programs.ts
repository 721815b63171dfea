/** Programs of this machine: where they are, and of which version. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../../settings.js';

const run = promisify(execFile);

/** Where Debian keeps servers, and Homebrew what it installs: not on everybody's PATH. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/usr/local/bin'];

/**
 * The first of some programs that this machine has.
 * @param names in order of preference
 */
export function findProgram(
  names: readonly string[],
  environment: Environment,
): string | undefined {
  const folders = [...(environment['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const found = folder === '' ? undefined : executable(join(folder, name));
      if (found) return found;
    }
  }
  return undefined;
}

/** The path, if it may be run. */
export function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** The first number with dots that `program --version` prints: `15.18`. */
export async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ['--version']);
    return /\d+(\.\d+)*/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** `15.18` → 15. */
export function majorOf(version: string | undefined): number {
  return Number.parseInt(version ?? '0', 10);
}
