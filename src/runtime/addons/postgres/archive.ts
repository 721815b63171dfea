/**
 * Backups where there is no pg_dump, as beside a server that was fetched: the data folder itself, as
 * it is copied for a fork, in one archive. Only the same major version and add-on can read it.
 */
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PlatformError } from '../../errors.js';
import { copyData } from './fork.js';
import type { Database } from './tools.js';

const run = promisify(execFile);

export const ARCHIVE = '.tar.gz';

/** @param file that is made @throws PlatformError failed; then there is no file */
export async function pack({ addon, place }: Database, file: string): Promise<void> {
  const copy = `${file}.data`;
  try {
    await rm(copy, { recursive: true, force: true }); // of one that was killed: files of two moments
    await copyData({ addon, folder: place.folder }, copy);
    await run('tar', ['-czf', file, '-C', copy, '.'], { signal: place.stopping });
  } catch (error) {
    await rm(file, { force: true });
    if (error instanceof PlatformError) throw error;
    throw new PlatformError('failed', `The data can't be packed: ${lastLine(error as Error)}`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/**
 * Puts what an archive holds in the place of the data; the server is stopped for that.
 * @throws PlatformError failed; then everything is as it was
 */
export async function unpack({ replaceData, place }: Database, file: string): Promise<void> {
  await replaceData(async (folder) => {
    await mkdir(folder, { mode: 0o700 });
    const words = ['-xzf', file, '-C', folder];
    await run('tar', words, { signal: place.stopping }).catch((error: Error) => {
      throw new PlatformError('failed', `${file} is no whole backup: ${lastLine(error)}`);
    });
  });
}

function lastLine({ message }: Error): string {
  return message.trim().split('\n').at(-1) ?? message;
}
