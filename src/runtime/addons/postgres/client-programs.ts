/** pg_dump, pg_restore and createdb, run against a database of ours or of anybody. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PlatformError } from '../../errors.js';
import type { Place } from '../provider.js';
import { executable } from '../server/programs.js';
import { type Installation, installations } from './installation.js';

export type ClientProgram = 'pg_dump' | 'pg_restore' | 'createdb';

/** Whose programs are run, and where. */
export interface Workplace {
  readonly place: Pick<Place, 'folder' | 'environment' | 'guard' | 'stopping'>;
  readonly installation: Installation;
}

/**
 * Runs one of the programs.
 * @param url of the database; no list of processes shows it
 * @throws PlatformError unavailable where there is no such program, failed with what it says
 */
export async function runClient(
  { place, installation }: Workplace,
  program: ClientProgram,
  url: string,
  args: readonly string[],
): Promise<void> {
  const path = await findClient(installation, program, place.environment);
  const env = {
    PATH: place.environment['PATH'] ?? '',
    HOME: place.environment['HOME'] ?? '',
    LC_ALL: 'C',
    PGCONNECT_TIMEOUT: '10',
    ...libpqEnvironment(url),
    ...place.guard.marks,
  };
  await new Promise<void>((resolve, reject) => {
    const options = { cwd: place.folder, env, signal: place.stopping };
    execFile(path, ['--no-password', ...args], options, (error, _, stderr) => {
      if (!error) return resolve();
      if (place.stopping.aborted) return reject(place.stopping.reason);
      const said = stderr.trim().split('\n').slice(-3).join(' / ') || error.message;
      return reject(new PlatformError('failed', `${program} failed: ${said}`));
    });
  });
}

/**
 * A URL as libpq's variables (https://www.postgresql.org/docs/current/libpq-envars.html). Pure.
 * @throws PlatformError invalid_params for what is no URL of a Postgres
 */
export function libpqEnvironment(url: string): Record<string, string> {
  const parsed = URL.canParse(url) && isEncoded(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new PlatformError(
      'invalid_params',
      'A database is given as postgres://user:password@host:port/name, with %25 for a % and %2F for a / in its password.',
    );
  }
  const parameters = parsed.searchParams;
  const all = {
    PGHOST: parameters.get('host') ?? parsed.hostname.replace(/^\[|\]$/g, ''),
    PGPORT: parameters.get('port') ?? parsed.port,
    PGUSER: parameters.get('user') ?? decodeURIComponent(parsed.username),
    PGPASSWORD: decodeURIComponent(parsed.password),
    PGDATABASE: decodeURIComponent(parsed.pathname.slice(1)),
    PGSSLMODE: parameters.get('sslmode') ?? '',
    PGSSLROOTCERT: parameters.get('sslrootcert') ?? '',
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function isEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Whether this machine has one that fits the server. */
export async function hasClient(
  { installation, place }: Workplace,
  program: ClientProgram,
): Promise<boolean> {
  return (await clientOf(installation, program, place.environment)) !== undefined;
}

/** That of the server's own version, else the nearest newer one of this machine: an older one refuses. */
async function clientOf(
  own: Installation,
  program: ClientProgram,
  environment: Workplace['place']['environment'],
): Promise<string | undefined> {
  const beside = executable(join(own.bin, program));
  if (beside !== undefined) return beside;
  const newer = (await installations(environment))
    .filter(({ major }) => major >= own.major)
    .sort((one, other) => one.major - other.major)
    .flatMap(({ bin }) => executable(join(bin, program)) ?? []);
  return newer[0];
}

async function findClient(
  own: Installation,
  program: ClientProgram,
  environment: Workplace['place']['environment'],
): Promise<string> {
  const found = await clientOf(own, program, environment);
  if (found !== undefined) return found;
  throw new PlatformError(
    'unavailable',
    `Beside the server in ${own.bin} there is no ${program}. Install the client programs of Postgres ${own.major} or newer. Without them there is \`paas pg:fork\` and \`paas pg:snapshots\`.`,
  );
}
