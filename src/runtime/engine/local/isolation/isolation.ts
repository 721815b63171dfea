/**
 * Dynos with a file system of their own, as on Heroku
 * (https://devcenter.heroku.com/articles/dynos#ephemeral-filesystem): what they write is gone when
 * they end, and no other dyno sees it.
 */
import { existsSync, mkdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Leader } from '../kin.js';
import type { LaunchFailure } from '../launch.js';
import { copyApp, copyFailure, sizeOf } from './app-copy.js';
import { canHoldTerminals, HOME, sandboxed, whyNoSandbox } from './bubblewrap.js';
import { type Cell, Cells } from './cells.js';
import { isolationLine } from './isolation-line.js';

/**
 * `none`: dynos run in the app's folder. `copy`: each in a copy of it, with its own TMPDIR and HOME.
 * `sandbox`: that, and it sees no other process and can write nothing else; where the system does
 * not allow it, `copy`, and a line says so.
 */
export type IsolationMode = 'none' | 'copy' | 'sandbox';

/** What is to be started. */
export interface Wish {
  readonly id: string;
  readonly command: string;
  readonly directory: string;
  readonly environment: Record<string, string>;
  readonly terminal: object | undefined;
}

/** What to start in its place. */
export interface Isolated {
  /** Program and arguments. */
  readonly program: readonly [string, ...string[]];
  readonly leader: Leader;
  readonly directory: string;
  readonly environment: Record<string, string>;
  /** Removes all that was made for it. */
  discard(): Promise<void>;
}

export class Isolation {
  readonly #mode: 'copy' | 'sandbox';
  readonly #cells: Cells;
  readonly #hidden: readonly string[];
  #probe: Promise<string | undefined> | undefined;
  /** One copy after the other: a disk does many at once no faster. */
  #turn: Promise<unknown> = Promise.resolve();
  #line: 'untold' | 'told' = 'untold';

  /**
   * @param folder for the files of this run's dynos, beside those of other runs
   * @param hidden folders that a sandboxed dyno may not see
   */
  constructor(mode: 'copy' | 'sandbox', folder: string, hidden: readonly string[]) {
    this.#mode = mode;
    this.#cells = new Cells(folder);
    this.#hidden = hidden;
  }

  /**
   * Makes what a dyno needs.
   * @param say is told once what is isolated, and what is not
   */
  async prepare(wish: Wish, say: (line: string) => void): Promise<Isolated | LaunchFailure> {
    const refusal = await this.#refusal();
    const start = performance.now();
    const made = this.#turn.then(() => this.#copy(wish));
    this.#turn = made.catch(() => undefined);
    try {
      const { cell, shared } = await made;
      if (this.#line === 'untold') {
        this.#line = 'told';
        const elapsed = performance.now() - start;
        const size = await sizeOf(cell.app);
        say(isolationLine(this.#mode, refusal, shared, { elapsed, size }));
      }
      const sandbox =
        this.#mode === 'sandbox' && refusal === undefined && (!wish.terminal || canHoldTerminals());
      return sandbox ? this.#inSandbox(wish, cell, shared) : this.#inCopy(wish, cell);
    } catch (error) {
      return { status: 126, sentence: `Can't start: ${copyFailure(error, wish.directory)}` };
    }
  }

  /** Removes what is left. */
  async close(): Promise<void> {
    await this.#cells.close();
  }

  // Private

  #refusal(): Promise<string | undefined> {
    if (this.#mode === 'copy') return Promise.resolve(undefined);
    this.#probe ??= whyNoSandbox();
    return this.#probe;
  }

  async #copy({ id, directory }: Wish): Promise<{ cell: Cell; shared: string[] }> {
    const cell = this.#cells.make(id);
    try {
      return { cell, shared: await copyApp(directory, cell.app) };
    } catch (error) {
      rmSync(cell.root, { recursive: true, force: true });
      throw error;
    }
  }

  #inCopy({ command, environment }: Wish, cell: Cell): Isolated {
    return {
      program: ['/bin/sh', '-c', command],
      leader: 'command',
      directory: cell.app,
      environment: { ...environment, TMPDIR: cell.temporary, HOME: cell.home },
      discard: () => this.#cells.remove(cell),
    };
  }

  #inSandbox(
    { command, directory, environment, terminal }: Wish,
    cell: Cell,
    shared: string[],
  ): Isolated {
    // In place of the links there are the folders themselves.
    for (const name of shared) {
      unlinkSync(join(cell.app, name));
      mkdirSync(join(cell.app, name));
    }
    const hidden = this.#hidden.filter((folder) => existsSync(folder));
    const [file = '', ...rest] = sandboxed({
      ...{ cell, directory, shared, hidden, command },
      terminal: terminal !== undefined,
    });
    return {
      program: [file, ...rest],
      leader: 'monitor',
      directory,
      environment: { ...environment, TMPDIR: '/tmp', HOME },
      discard: () => this.#cells.remove(cell),
    };
  }
}
