/**
 * Some servers refuse to run as root. A user namespace shows them another user while every file
 * stays root's; where the system forbids that, they run as `nobody`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlatformError } from '../../errors.js';

/** What to put before a command, and whom to run it as. */
export interface Disguise {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const NONE: Disguise = { prefix: [] };
const NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

let asked: 'namespace' | 'nobody' | undefined;

/**
 * How to run a server that refuses root.
 * @param folder what it keeps its data in; it is given to `nobody` where there is no other way
 * @param programs folder of its programs, which may be in the cache of root
 * @throws PlatformError forbidden when `nobody` can't get to one of these
 */
export function withoutRoot(folder: string, programs = '/'): Disguise {
  if (process.getuid?.() !== 0) return NONE;
  asked ??=
    spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), 'true']).status === 0 ? 'namespace' : 'nobody';
  if (asked === 'namespace') return { prefix: NAMESPACE };
  const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
  const gid = Number(execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' }));
  const closed = closedAbove(folder) ?? closedAbove(programs);
  if (closed !== undefined) {
    throw new PlatformError(
      'forbidden',
      `This server does not run as root, and another user can't enter ${closed}. Set PAAS_DATA_DIR and PAAS_CACHE_DIR to folders that everybody may enter, or start paas as another user.`,
    );
  }
  give(folder, uid, gid);
  return { prefix: [], uid, gid };
}

/** The nearest folder above that others may not enter. */
function closedAbove(folder: string): string | undefined {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) return above;
  }
  return undefined;
}

function give(path: string, uid: number, gid: number): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  if (found.uid !== uid) chownSync(path, uid, gid);
  if (found.isDirectory()) for (const entry of readdirSync(path)) give(join(path, entry), uid, gid);
}
