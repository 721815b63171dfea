/** A copy of an app's folder, made by cloning where the file system can. */
import { execFile } from 'node:child_process';
import { cp, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isSystemError } from '../../../errors.js';

const run = promisify(execFile);

/** Never part of what runs: the history of the source, and the platform's own state. */
const LEFT_OUT = new Set(['.git', '.paas']);

/** Installed packages: many files that no dyno should write, so all share them. */
const SHARED = new Set(['node_modules', '.venv', 'venv']);

/** `cp`, told to clone files. Ten times as fast as Node's own where there are thousands of them. */
const CLONE: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['-a', '--reflink=auto', '--'],
  darwin: ['-a', '-c', '--'],
};

/**
 * Copies an app.
 * @param from its folder
 * @param to an empty folder; on the same file system it may cost no space
 * @returns names of the folders that are shared: links to them are in the copy
 * @throws Error when something cannot be read, or the disk is full
 */
export async function copyApp(from: string, to: string): Promise<string[]> {
  const names = (await readdir(from)).filter((name) => !LEFT_OUT.has(name));
  const shared = names.filter((name) => SHARED.has(name));
  const own = names.filter((name) => !SHARED.has(name));
  if (own.length > 0) await copyAll(from, own, to);
  await Promise.all(shared.map((name) => symlink(join(from, name), join(to, name))));
  return shared;
}

async function copyAll(from: string, names: readonly string[], to: string): Promise<void> {
  const clone = CLONE[process.platform];
  try {
    if (!clone) throw new TypeError('No cp that clones is known here.');
    await run('cp', [...clone, ...names.map((name) => join(from, name)), to]);
  } catch {
    // Another cp (BusyBox has no clones), or none, or more names than a command takes.
    await copyByNode(from, names, to);
  }
}

async function copyByNode(from: string, names: readonly string[], to: string): Promise<void> {
  for (const name of names) {
    await cp(join(from, name), join(to, name), {
      recursive: true,
      force: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
  }
}

/** Space that a copy takes, where its files are not clones. @returns bytes, if the system tells */
export async function sizeOf(folder: string): Promise<number | undefined> {
  try {
    const { stdout } = await run('du', ['-sk', folder]);
    return 1024 * Number.parseInt(stdout, 10);
  } catch {
    return undefined; // no du, or something in it cannot be read
  }
}

/** Why a copy failed, for a user. */
export function copyFailure(error: unknown, directory: string): string {
  const code = isSystemError(error) ? error.code : undefined;
  if (code === 'ENOSPC') {
    return 'there is no space left on the disk for its own copy of the app. Make room, or start without --isolate.';
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `${directory} can't be copied: ${reason}. Make its files readable, or start without --isolate.`;
}
