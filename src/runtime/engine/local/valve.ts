/**
 * Back-pressure: while the reader of the log is slow nothing is read from the dynos that flood it
 * (or from any), so their pipes fill up and they wait in their writes. The others go on.
 */

/** Something whose output can be held up. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Longest wait (ms) for a paused reader when a dyno has ended. */
const PATIENCE = 5_000;

export class Valve {
  /** What can be held, with the name of its dyno: around a restart two have the same. */
  readonly #sources = new Map<Source, string>();
  #shut: 'all' | ReadonlySet<string> = new Set();
  #waiting: Array<{ readonly name: string; readonly tell: () => void }> = [];

  /** @param name of its dyno: `web.1` */
  add(source: Source, name: string): void {
    this.#sources.set(source, name);
    if (this.#isShut(name)) source.pause();
  }

  remove(source: Source): void {
    this.#sources.delete(source);
  }

  /** Holds one dyno by its name, or all of them. */
  shut(name?: string): void {
    const newly = [...this.#sources].filter(
      ([, of]) => !this.#isShut(of) && (name === undefined || of === name),
    );
    if (name === undefined) this.#shut = 'all';
    else if (this.#shut !== 'all') this.#shut = new Set([...this.#shut, name]);
    for (const [source] of newly) source.pause();
  }

  /** Lets one dyno go on that is held by its name, or all of them. */
  open(name?: string): void {
    const held = [...this.#sources].filter(([, of]) => this.#isShut(of));
    if (name === undefined) this.#shut = new Set();
    else if (this.#shut !== 'all') {
      this.#shut = new Set([...this.#shut].filter((other) => other !== name));
    }
    for (const [source, of] of held) if (!this.#isShut(of)) source.resume();
    const waiting = this.#waiting;
    this.#waiting = waiting.filter((one) => this.#isShut(one.name));
    for (const one of waiting) if (!this.#isShut(one.name)) one.tell();
  }

  /** Resolves when the dyno of this name is not held, or when the wait has been long enough. */
  whenOpen(name: string): Promise<void> {
    if (!this.#isShut(name)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      const tell = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push({ name, tell });
    });
  }

  #isShut(name: string): boolean {
    return this.#shut === 'all' || this.#shut.has(name);
  }
}
