/** Checks of what apps share on this machine: the registry and the router's port. */
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { isSystemError, PlatformError } from '../../runtime/errors.js';
import { listRecords } from '../../runtime/registry.js';
import { DEFAULT_PORT, ensurePrivateFolder, runtimeFolder } from '../../runtime/settings.js';
import { type Finding, fault, good, hint } from './finding.js';

export function registryFolder(): Finding {
  const folder = runtimeFolder(process.env);
  try {
    ensurePrivateFolder(folder);
    return good('Registry', folder);
  } catch (error) {
    if (error instanceof PlatformError) return fault('Registry', error.message);
    throw error;
  }
}

/** Looking sweeps the records of processes that are gone. */
export async function runningApps(): Promise<Finding> {
  const folder = runtimeFolder(process.env);
  const before = countRecords(folder);
  const records = await listRecords(folder);
  const stale = before - countRecords(folder);
  const swept =
    stale === 0
      ? ''
      : `; ${stale} record${stale === 1 ? '' : 's'} of apps that had died removed just now`;
  const apps = records.map(({ name, url }) => `${name} at ${url}`).join(', ') || 'none runs';
  return good('Apps', apps + swept);
}

export async function routerPort(): Promise<Finding> {
  const server = createServer();
  const error = await new Promise<unknown>((resolve) => {
    server.once('error', resolve).listen(DEFAULT_PORT, 'localhost', () => resolve(undefined));
  });
  server.close();
  if (error === undefined) return good('Port', `${DEFAULT_PORT} is free`);
  const why = isSystemError(error, 'EADDRINUSE') ? 'is taken' : "can't be used";
  return hint('Port', `${DEFAULT_PORT} ${why}: the next free one is used, or the one of -p.`);
}

function countRecords(folder: string): number {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json')).length;
  } catch {
    return 0; // no folder, no records
  }
}
