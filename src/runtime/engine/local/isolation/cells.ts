/**
 * The folders that isolated dynos get: one for each run of the platform, in it one cell per dyno.
 * A run that was killed leaves its cells to its guard, and what that leaves goes at the next start.
 */
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSystemError } from '../../../errors.js';

/** What one dyno has for itself. */
export interface Cell {
  readonly root: string;
  /** Its copy of the app. */
  readonly app: string;
  readonly temporary: string;
  readonly home: string;
}

export class Cells {
  readonly #folder: string;
  #state: 'new' | 'open' = 'new';

  /** @param folder of this run, its pid first in its name, beside those of other runs */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param id of the dyno; the first eight characters name its cell, since sockets need short paths */
  make(id: string): Cell {
    if (this.#state === 'new') this.#open();
    const root = join(this.#folder, id.slice(0, 8));
    const cell = {
      root,
      app: join(root, 'app'),
      temporary: join(root, 'tmp'),
      home: join(root, 'home'),
    };
    for (const folder of [cell.app, cell.temporary, cell.home]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    return cell;
  }

  /** Removes what a dyno had; a file that its user may not remove stays until the next start. */
  async remove(cell: Cell): Promise<void> {
    await remove(cell.root);
  }

  /** Removes the folder of this run. */
  async close(): Promise<void> {
    if (this.#state === 'open') await remove(this.#folder);
  }

  #open(): void {
    this.#state = 'open';
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const base = dirname(this.#folder);
    for (const name of readdirSync(base)) {
      if (isAlive(Number.parseInt(name, 10))) continue;
      const doomed = join(base, name.startsWith('0-') ? name : `0-${name}`);
      renameSync(join(base, name), doomed);
      void remove(doomed);
    }
  }
}

/** @param pid 0 and NaN are nobody's */
function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}

async function remove(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
