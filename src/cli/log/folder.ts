/** Finds the history of an app that does not run. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATE_FOLDER } from '../../runtime/settings.js';

/** Where the history of an app stands, from the app's folder. */
const LOG_FOLDER = join(STATE_FOLDER, 'logs');

/** The history of the app of this very folder. */
export function logFolder(directory: string): string {
  return join(directory, LOG_FOLDER);
}

/**
 * The history of the app of this folder, or of the nearest folder above it.
 * @returns undefined when no app ever ran there
 */
export function historyFolder(directory: string): string | undefined {
  for (let folder = realpathSync(directory); ; folder = dirname(folder)) {
    const logs = join(folder, LOG_FOLDER);
    if (existsSync(logs)) return logs;
    if (dirname(folder) === folder) return undefined;
  }
}
