/** Folders, ports and names that come from the environment of the user. Pure, but for the folder check. */
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSystemError, PlatformError } from './errors.js';
import { shortName } from './identity.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** First port that is tried for the router, and base of the dynos' ports, as in `heroku local`. */
export const DEFAULT_PORT = 5006;

/** Folder inside an app's folder where its wish and its logs are kept. */
export const STATE_FOLDER = '.paas';

/** Longest path of a Unix socket that every system takes (macOS: 104 bytes with the final NUL). */
const LONGEST_SOCKET_PATH = 103;

/**
 * The folder with one record and one socket per running app of this user.
 * @param environment `PAAS_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/paas`, else a folder in the temp directory
 */
export function runtimeFolder(environment: Environment): string {
  if (environment['PAAS_RUNTIME_DIR']) return environment['PAAS_RUNTIME_DIR'];
  if (environment['XDG_RUNTIME_DIR']) return join(environment['XDG_RUNTIME_DIR'], 'paas');
  return join(tmpdir(), `paas-${process.getuid?.() ?? 'user'}`);
}

/**
 * The folder for what outlives an app's folder: the local certificate authority, add-on data.
 * @param environment `PAAS_DATA_DIR`, else `$XDG_DATA_HOME/paas`, else `~/.local/share/paas`
 */
export function dataFolder(environment: Environment): string {
  if (environment['PAAS_DATA_DIR']) return environment['PAAS_DATA_DIR'];
  if (environment['XDG_DATA_HOME']) return join(environment['XDG_DATA_HOME'], 'paas');
  return join(homedir(), '.local', 'share', 'paas');
}

/**
 * The folder for what can be had again: servers that were fetched.
 * @param environment `PAAS_CACHE_DIR`, else `$XDG_CACHE_HOME/paas`, else `~/.cache/paas`
 */
export function cacheFolder(environment: Environment): string {
  if (environment['PAAS_CACHE_DIR']) return environment['PAAS_CACHE_DIR'];
  if (environment['XDG_CACHE_HOME']) return join(environment['XDG_CACHE_HOME'], 'paas');
  return join(homedir(), '.cache', 'paas');
}

/**
 * Makes a folder that only this user may enter, and refuses one that somebody else prepared:
 * a temp directory is shared, and a link or another owner there means a trap.
 * @throws PlatformError forbidden when the folder is not this user's alone
 */
export function ensurePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new PlatformError(
      'unavailable',
      `Can't make the folder ${folder} (${error.code}). Set PAAS_RUNTIME_DIR to a folder that you can write.`,
    );
  }
  const found = lstatSync(folder);
  const uid = process.getuid?.();
  const open = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  if (found.isSymbolicLink() || (uid !== undefined && found.uid !== uid) || open) {
    throw new PlatformError(
      'forbidden',
      `The folder ${folder} is not yours alone. Remove it, or set PAAS_RUNTIME_DIR to a folder that only you can enter.`,
    );
  }
}

/** A short name for a folder that is the same in every process. */
export function folderKey(directory: string): string {
  return shortName(directory);
}

/**
 * Where the control plane of an app listens.
 * @returns a path in the runtime folder; on Windows a named pipe
 * @throws PlatformError when the path is longer than a Unix socket's may be
 */
export function socketPath(folder: string, key: string, pid: number): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\paas-${key}-${pid}`;
  const path = join(folder, `${key}-${pid}.sock`);
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
    throw new PlatformError(
      'unavailable',
      `The path ${path} is too long for a Unix socket. Set PAAS_RUNTIME_DIR to a shorter one, such as /tmp/paas.`,
    );
  }
  return path;
}

/**
 * A valid Heroku app name made from any text: lower case letters, digits and dashes, a letter
 * first, at most 30 characters (reference section 10).
 */
export function appNameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  return name || 'app';
}
