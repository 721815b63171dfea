/** Which running app a command is for: by its name, else by the folder one stands in. */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { PlatformError } from '../runtime/errors.js';
import { type AppRecord, listRecords } from '../runtime/registry.js';
import { runtimeFolder } from '../runtime/settings.js';

/**
 * Finds the running app.
 * @param name of `-a` or PAAS_APP: an app's name or id
 * @param directory where to look from when no name is given: the app's folder or one inside it
 * @throws PlatformError not_found, saying which apps run, or conflict when several have the name
 */
export async function findApp(name: string | undefined, directory = process.cwd()) {
  const records = await listRecords(runtimeFolder(process.env));
  return name === undefined
    ? chooseByFolder(records, resolved(directory))
    : chooseByName(records, name);
}

/** The app of the folder, or of the nearest folder above it. Pure. */
export function chooseByFolder(records: readonly AppRecord[], directory: string): AppRecord {
  for (let folder = directory; ; folder = dirname(folder)) {
    const here = records.find((record) => record.directory === folder);
    if (here) return here;
    if (dirname(folder) === folder) break;
  }
  throw new PlatformError(
    'not_found',
    records.length === 0
      ? `No app is running in ${directory}. Start it with \`paas local start\`.`
      : `No app is running in ${directory}. ${running(records)} Name one with -a, or start this one with \`paas local start\`.`,
  );
}

/** The app with that name or id. Pure. */
export function chooseByName(records: readonly AppRecord[], name: string): AppRecord {
  const named = records.filter((record) => record.name === name || record.id === name);
  if (named.length === 1) return named[0]!;
  if (named.length > 1) {
    const choices = named.map(({ id, directory }) => `${id} (${directory})`).join(', ');
    throw new PlatformError(
      'conflict',
      `${named.length} apps are called ${name}: ${choices}. Name one by its id, or go to its folder.`,
    );
  }
  const start = 'Start it with `paas local start` in its folder.';
  throw new PlatformError(
    'not_found',
    records.length === 0
      ? `Couldn't find the app ${name}: no app is running. ${start}`
      : `Couldn't find the app ${name}. ${running(records)} ${start}`,
  );
}

function running(records: readonly AppRecord[]): string {
  return `Running: ${records.map(({ name }) => name).join(', ')}.`;
}

/** The registry keeps folders with links resolved. */
function resolved(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory; // the folder one stands in was removed: no app runs there
  }
}
