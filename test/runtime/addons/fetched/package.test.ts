/** Packages fetched by the real npm, from a registry on this machine. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Progress } from '../../../../src/runtime/addons/fetched/download.js';
import { fetchedFolder, fetchPackage } from '../../../../src/runtime/addons/fetched/package.js';
import { makeFolder, removeFolder } from '../../../support/folders.js';

const NAME = '@servers/echo';

/** A registry with one package, a cache, and what a fetch tells of itself. */
async function registry(answer: 'the package' | 'nothing' = 'the package') {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  const archive = packed(folder);
  const server = createServer((request, response) => {
    if (answer === 'nothing') return response.writeHead(500).end();
    if (request.url?.endsWith('.tgz')) return response.end(archive);
    const { host } = request.headers;
    const dist = { tarball: `http://${host}/echo-1.0.0.tgz`, integrity: integrityOf(archive) };
    const version = { name: NAME, version: '1.0.0', dist };
    const tags = { latest: '1.0.0' };
    return response.end(
      JSON.stringify({ name: NAME, 'dist-tags': tags, versions: { '1.0.0': version } }),
    );
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const told: (Progress | undefined)[] = [];
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    PAAS_CACHE_DIR: join(folder, 'cache'),
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
  };
  const fetching = {
    environment,
    stopping: new AbortController().signal,
    progress: (now: Progress | undefined) => void told.push(now),
  };
  const pinned = {
    title: 'Echo 1.0',
    name: NAME,
    version: '1.0.0',
    integrity: integrityOf(archive),
  };
  const kept = () => readdirSync(join(folder, 'cache', 'packages'));
  return { pinned, fetching, environment, told, kept, size: archive.length };
}

/** As `npm pack` makes it, with a list of links. */
function packed(folder: string): Buffer {
  const native = join(folder, 'package', 'native');
  mkdirSync(native, { recursive: true });
  writeFileSync(join(native, 'lib.so.1.2'), 'library');
  const links = [{ source: 'native/lib.so.1.2', target: 'native/lib.so.1' }];
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  writeFileSync(join(folder, 'package', 'package.json'), '{"scripts":{"install":"exit 9"}}');
  execFileSync('tar', ['-czf', 'echo.tgz', 'package'], { cwd: folder });
  return readFileSync(join(folder, 'echo.tgz'));
}

const integrityOf = (bytes: Buffer) =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

describe('a package', () => {
  test('is fetched once, by two at a time as well, with its links, and tells how far it is', async () => {
    const { pinned, fetching, environment, told, kept, size } = await registry();
    expect(fetchedFolder(pinned, environment)).toBeUndefined();
    const [folder, same] = await Promise.all([
      fetchPackage(pinned, fetching),
      fetchPackage(pinned, fetching),
    ]);
    expect(same).toBe(folder);
    expect(fetchedFolder(pinned, environment)).toBe(folder);
    expect(readFileSync(join(folder, 'native', 'lib.so.1'), 'utf8')).toBe('library');
    expect(kept()).toEqual(['@servers+echo@1.0.0']);
    expect(told).toContainEqual({ title: 'Echo 1.0', done: size, total: size });
    expect(told.at(-1)).toBeUndefined();
  });

  test('with another checksum is refused, and nothing of it is kept', async () => {
    const { pinned, fetching, kept } = await registry();
    const other = { ...pinned, integrity: integrityOf(Buffer.from('another')) };
    await expect(fetchPackage(other, fetching)).rejects.toThrow(
      '@servers/echo@1.0.0 has another checksum than it must have. Nothing of it was kept.',
    );
    expect(kept()).toEqual([]);
  });

  test('that cannot be had is told in one sentence, with what npm said', async () => {
    const { pinned, fetching, kept } = await registry('nothing');
    await expect(fetchPackage(pinned, fetching)).rejects.toThrow(
      /^Echo 1\.0 can't be fetched: .*500.* Try again with a network, or install it otherwise\.$/,
    );
    expect(kept()).toEqual([]);
  });

  test('needs npm', async () => {
    const { pinned, fetching, environment } = await registry();
    const without = { ...fetching, environment: { ...environment, PATH: '/nowhere' } };
    // Where npm is beside node, PATH does not matter.
    const fetched = await fetchPackage(pinned, without).catch((error: Error) => error.message);
    expect(fetched).toMatch(/@servers\+echo@1\.0\.0$|without npm/);
  });
});
