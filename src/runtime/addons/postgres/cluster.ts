/** The data folder of one database: made once, checked before each start, never deleted here. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSystemError, PlatformError } from '../../errors.js';
import type { Place } from '../provider.js';
import { withoutRoot } from '../server/ordinary-user.js';
import type { DatabaseAddress } from './address.js';
import type { Installation } from './installation.js';

/** ms that a server of an earlier run has to end: its guard kills it within a second. */
const PATIENCE = 10_000;

const SUPERUSER = 'postgres';

/** Who may enter, and with how many connections at once. */
export type NewOwners = DatabaseAddress & {
  readonly superuserPassword: string;
  readonly connections: number;
};

/** Where the data is, in the folder of the add-on. */
export function dataFolderOf(place: Pick<Place, 'folder'>): string {
  return join(place.folder, 'data');
}

/**
 * Makes a cluster with one role and one database, as Heroku hands them out: not the superuser's.
 * @throws PlatformError unavailable with what the tool said
 */
export async function makeCluster(
  place: Place,
  { bin }: Installation,
  address: NewOwners,
): Promise<void> {
  const data = dataFolderOf(place);
  const secret = join(place.folder, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(secret, address.superuserPassword, { mode: 0o600 });
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  try {
    await runTool(place, join(bin, 'initdb'), [
      ...['-D', data, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${secret}`],
      ...['--encoding=UTF8', `--locale=${locale}`],
    ]);
  } finally {
    await rm(secret, { force: true });
  }
  const { user, password, database, connections } = address;
  await runTool(
    place,
    join(bin, 'postgres'),
    ['--single', '-D', data, 'postgres'],
    // In single-user mode a line is a command. Names and passwords are hex digits of ours.
    `CREATE ROLE ${user} LOGIN PASSWORD '${password}' CONNECTION LIMIT ${connections}
CREATE DATABASE ${database} OWNER ${user}
REVOKE ALL ON DATABASE ${database} FROM PUBLIC
`,
  );
}

/**
 * The major version that made the data.
 * @throws PlatformError unavailable where there is no data, or it can't be told of which version
 */
export function versionOfData(place: Pick<Place, 'folder'>): number {
  const data = dataFolderOf(place);
  const version = versionIn(data);
  if (version !== undefined) return version;
  const what = existsSync(data) ? 'is damaged: it does not say its version' : 'is gone';
  throw new PlatformError(
    'unavailable',
    `The data folder ${data} ${what}. Nothing was changed in it. Put a copy back, or destroy the add-on and create a new one.`,
  );
}

/** The major version that a data folder says it is of. */
export function versionIn(data: string): number | undefined {
  const file = join(data, 'PG_VERSION');
  const version = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
  return version > 0 ? version : undefined;
}

/**
 * Waits until no server of an earlier run has the data any more.
 * @throws PlatformError conflict when one keeps it
 */
export async function waitUntilUnused(place: Place): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const pid = holderOf(dataFolderOf(place));
    if (pid === undefined) break;
    if (Date.now() > deadline) {
      if (existsSync(`/proc/${pid}`) && wordsOf(pid) === '') break; // it has ended, and nobody will ever ask how
      throw new PlatformError(
        'conflict',
        `Another Postgres (process ${pid}) has the data folder ${dataFolderOf(place)}. End it, then start again.`,
      );
    }
    await delay(50);
  }
  // Postgres would take any process of that number for the server.
  await rm(join(dataFolderOf(place), 'postmaster.pid'), { force: true });
}

/**
 * True when the lock file says that the server takes connections: what `pg_ctl` waits for. To ask
 * the server itself before that would leave a FATAL line in its log for each time.
 */
export function saysReady(place: Pick<Place, 'folder'>, port: number): boolean {
  try {
    const lines = readFileSync(join(dataFolderOf(place), 'postmaster.pid'), 'utf8').split('\n');
    return lines[3] === String(port) && lines[7]?.trim() === 'ready';
  } catch {
    return false; // not written yet
  }
}

/** The port of the server that has the data now, if one does. */
export function runningServer(place: Pick<Place, 'folder'>): number | undefined {
  const data = dataFolderOf(place);
  if (holderOf(data) === undefined) return undefined;
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[3]);
}

/** Gives a copied cluster passwords of its own. */
export async function changePasswords(
  place: Place,
  { bin }: Installation,
  { user, password, superuserPassword, connections }: NewOwners,
): Promise<void> {
  await runTool(
    place,
    join(bin, 'postgres'),
    ['--single', '-D', dataFolderOf(place), 'postgres'],
    `ALTER ROLE ${user} PASSWORD '${password}' CONNECTION LIMIT ${connections}
ALTER ROLE ${SUPERUSER} PASSWORD '${superuserPassword}'
`,
  );
}

/** The server that the lock file names, if that process is there. */
function holderOf(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return isPostgres(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * After a crash of the machine the number may be another program's. One that was killed, and whose
 * parent has not asked how it ended, has no words any more, and is there all the same.
 */
function isPostgres(pid: number): boolean {
  try {
    const words = wordsOf(pid);
    return words === '' || words.includes('postgres');
  } catch (error) {
    return !(isSystemError(error, 'ENOENT') && existsSync('/proc/self'));
  }
}

/** The command line of a process, on Linux. */
function wordsOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

/** Runs a tool of Postgres as a user that it accepts. @throws PlatformError with its last lines */
function runTool(
  place: Place,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<void> {
  const { prefix, uid, gid } = withoutRoot(place.folder, dirname(program));
  const [first = program, ...rest] = [...prefix, program, ...args];
  return new Promise((resolve, reject) => {
    const options = {
      cwd: place.folder,
      env: { PATH: place.environment['PATH'] ?? '', LC_ALL: 'C', ...place.guard.marks },
      ...(uid === undefined ? {} : { uid, gid }),
    };
    const child = execFile(first, rest, options, (error, stdout, stderr) => {
      if (!error) resolve();
      else reject(toolFailure(program, `${stdout}\n${stderr}`.trim() || error.message));
    });
    child.stdin?.on('error', () => undefined).end(input ?? '');
  });
}

function toolFailure(program: string, said: string): PlatformError {
  if (/No space left on device/.test(said)) {
    return new PlatformError(
      'unavailable',
      'No database could be made: the disk is full. Make room, or set PAAS_DATA_DIR to another folder.',
    );
  }
  const name = program.slice(program.lastIndexOf('/') + 1);
  const last = said.split('\n').slice(-3).join(' / ');
  return new PlatformError('unavailable', `No database could be made: ${name} said: ${last}`);
}
