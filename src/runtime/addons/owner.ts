/**
 * Whose the data of an add-on is. A copied folder of an app (`cp -r`) says that it has the same
 * add-ons; two servers on the same data, or one that deletes what the other uses, would lose it.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlatformError } from '../errors.js';
import type { Addon } from '../model.js';
import { STATE_FOLDER } from '../settings.js';

/** Holds the path of the app's folder. */
const FILE = 'owner';

/**
 * The folder of another app that has the same add-on.
 * @param folder of the add-on @param directory of the app that asks
 * @returns undefined where there is none, or it was moved away
 */
export function otherOwner({ id }: Addon, folder: string, directory: string): string | undefined {
  const owner = textOf(join(folder, FILE));
  if (owner === '' || sameFolder(owner, directory)) return undefined;
  return textOf(join(owner, STATE_FOLDER, 'state.json')).includes(id) ? owner : undefined;
}

/** Says that it is this app's from now on. @throws PlatformError conflict when it is another one's */
export function own(addon: Addon, folder: string, directory: string): void {
  const other = otherOwner(addon, folder, directory);
  if (other !== undefined) {
    throw new PlatformError(
      'conflict',
      `Its data belongs to the app in ${other}, of which this folder is a copy. Take it away here with \`paas addons:destroy ${addon.name}\`, which leaves that data as it is, and create one of its own.`,
    );
  }
  if (textOf(join(folder, FILE)) !== directory) {
    writeFileSync(join(folder, FILE), directory, { mode: 0o600 });
  }
}

/** The same by another path is no other one. */
function sameFolder(one: string, other: string): boolean {
  try {
    return one === other || realpathSync(one) === realpathSync(other);
  } catch {
    return false; // it is gone
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
