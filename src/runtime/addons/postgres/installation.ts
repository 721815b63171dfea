/** Which Postgres this machine has. */
import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../../settings.js';
import { executable, majorOf, versionOf } from '../server/programs.js';

/** One Postgres that is installed. */
export interface Installation {
  /** Folder of its programs. */
  readonly bin: string;
  /** `15.18`. */
  readonly version: string;
  readonly major: number;
}

/** Folders with one folder per version, and where the programs are in there. */
const VERSIONED: readonly (readonly [folder: string, bin: string, name: RegExp])[] = [
  ['/usr/lib/postgresql', 'bin', /^\d+$/],
  ['/usr', 'bin', /^pgsql-\d+$/],
  ['/opt/homebrew/opt', 'bin', /^postgresql(@\d+)?$/],
  ['/usr/local/opt', 'bin', /^postgresql(@\d+)?$/],
  ['/Applications/Postgres.app/Contents/Versions', 'bin', /^\d+$/],
];

/** Every Postgres server of this machine: that of PATH first, then the newest. */
export async function installations(environment: Environment): Promise<Installation[]> {
  const path = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const [first, others] = [path.flatMap(withServer), versionedFolders().flatMap(withServer)];
  const known = await Promise.all([...new Set([...first, ...others])].map(describe));
  const found = known.filter((each): each is Installation => each !== undefined);
  const onPath = found.filter(({ bin }) => first.includes(bin));
  const rest = found.filter(({ bin }) => !first.includes(bin));
  return [...onPath, ...rest.sort((one, other) => other.major - one.major)];
}

function versionedFolders(): string[] {
  return VERSIONED.flatMap(([folder, bin, name]) =>
    entriesOf(folder)
      .filter((entry) => name.test(entry))
      .map((entry) => join(folder, entry, bin)),
  );
}

/** The folder that the server really is in: beside it are the tools of its version. */
function withServer(folder: string): string[] {
  const server = executable(join(folder, 'postgres'));
  if (server === undefined) return [];
  const bin = dirname(realpathSync(server));
  return executable(join(bin, 'initdb')) ? [bin] : [];
}

async function describe(bin: string): Promise<Installation | undefined> {
  const version = await versionOf(join(bin, 'postgres'));
  return version === undefined ? undefined : { bin, version, major: majorOf(version) };
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
