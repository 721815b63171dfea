/** Keeps an app in `.paas/state.json` of its own folder. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError, PlatformError } from '../errors.js';
import type { Store, StoredApp } from './store.js';

/** Raised when a file of an older form must be understood. */
const FORMAT = 1;

/** One app, one file, written beside and renamed: a reader sees the old one or the new one, whole. */
export class FileStore implements Store {
  private readonly file: string;

  /** @param folder `.paas` in the app's folder; it is made when something is first saved */
  constructor(private readonly folder: string) {
    this.file = join(folder, 'state.json');
  }

  async load(): Promise<StoredApp | undefined> {
    try {
      const { format, ...stored } = JSON.parse(readFileSync(this.file, 'utf8'));
      if (format !== FORMAT)
        throw new Error(`its format is ${format}, and this version knows ${FORMAT}`);
      return stored as StoredApp;
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw new PlatformError(
        'unavailable',
        `Can't read ${this.file}: ${(error as Error).message}. Move it away to start with a new formation and releases.`,
      );
    }
  }

  async save(stored: StoredApp): Promise<void> {
    // Only a change loads them: a start that finds everything as it was does without.
    const { open, rename, rm } = await import('node:fs/promises');
    const beside = `${this.file}.${process.pid}`;
    try {
      makeStateFolder(this.folder);
      const handle = await open(beside, 'w', 0o600);
      try {
        await handle.writeFile(JSON.stringify({ format: FORMAT, ...stored }, null, 1));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, this.file);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      if (!isSystemError(error)) throw error;
      throw new PlatformError('unavailable', sentenceFor(error, this.folder));
    }
  }
}

/** Makes `.paas` for this user alone, out of git's sight. */
export function makeStateFolder(folder: string): void {
  // Not `recursive`: that calls a read-only disk ENOENT.
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return;
    throw error;
  }
  writeFileSync(join(folder, '.gitignore'), '*\n');
}

function sentenceFor(error: NodeJS.ErrnoException, folder: string): string {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return `The disk of ${folder} is full, so nothing was changed. Free some space and try again.`;
  }
  return `Can't write to ${folder} (${error.code}), where paas keeps scale and releases. Make the folder writable, or run a copy of the app.`;
}
