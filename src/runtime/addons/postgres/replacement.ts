/** Putting another data folder in the place of the one that a server has. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PlatformError } from '../../errors.js';
import type { Place } from '../provider.js';
import type { Server } from '../server/server.js';
import { dataFolderOf, versionIn } from './cluster.js';
import type { Installation } from './installation.js';

/**
 * Fills a new data folder, stops the server, and starts it with the new one. When any of that fails,
 * it goes on with the old one.
 * @param fill is given a path where nothing is
 * @param prepare is called with the new folder in its place, before the server starts
 * @param check throws where the new data is not what it should be
 * @throws PlatformError what these throw, or failed for data of another version
 */
export async function replaceData(
  place: Place,
  server: Server,
  { major }: Installation,
  steps: {
    readonly fill: (folder: string) => Promise<void>;
    readonly prepare: () => Promise<void>;
    readonly check: () => Promise<void>;
  },
): Promise<void> {
  const data = dataFolderOf(place);
  const [next, old, gone] = [`${data}.next`, `${data}.old`, `${data}.gone`];
  await rm(next, { recursive: true, force: true });
  try {
    await steps.fill(next);
    const version = versionIn(next);
    if (version !== major) {
      throw new PlatformError(
        'failed',
        `That is data of Postgres ${version ?? 'of no version'}, and the server is version ${major}.`,
      );
    }
    await server.stop();
    await rename(data, old);
    await rename(next, data);
    try {
      await steps.prepare();
      await server.start();
      await steps.check();
    } catch (error) {
      await server.stop();
      await rm(data, { recursive: true, force: true });
      await rename(old, data);
      await server.start();
      throw error;
    }
    // From here on the new one counts: half of the old one must never be taken for the whole.
    await rename(old, gone);
    await rm(gone, { recursive: true, force: true });
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}

/** Takes the old data again, where an earlier run ended before the new one had been started with. */
export async function undoReplacement(place: Pick<Place, 'folder'>): Promise<void> {
  const data = dataFolderOf(place);
  for (const left of ['next', 'gone']) {
    await rm(`${data}.${left}`, { recursive: true, force: true });
  }
  if (!existsSync(`${data}.old`)) return;
  await rm(data, { recursive: true, force: true });
  await rename(`${data}.old`, data);
}
