/** Isolation that is loaded with the first dyno that needs it: it would delay the dynos of all others. */
import type { LaunchFailure } from '../launch.js';
import type { Isolated, Isolation, IsolationMode, Wish } from './isolation.js';

export class LazyIsolation {
  readonly #mode: Exclude<IsolationMode, 'none'>;
  readonly #folder: string;
  readonly #hidden: readonly string[];
  #loaded: Promise<Isolation> | undefined;

  /**
   * @param folder for the files of this run's dynos
   * @param hidden folders that a sandboxed dyno may not see
   */
  constructor(mode: Exclude<IsolationMode, 'none'>, folder: string, hidden: readonly string[]) {
    this.#mode = mode;
    this.#folder = folder;
    this.#hidden = hidden;
  }

  /** @see Isolation.prepare */
  async prepare(wish: Wish, say: (line: string) => void): Promise<Isolated | LaunchFailure> {
    this.#loaded ??= import('./isolation.js').then(
      ({ Isolation }) => new Isolation(this.#mode, this.#folder, this.#hidden),
    );
    return (await this.#loaded).prepare(wish, say);
  }

  /** @see Isolation.close */
  async close(): Promise<void> {
    await (await this.#loaded)?.close();
  }
}
