/** URIs whose responses were not for the store lately: the next requests for them need not come here. */

/** For how long a refusal is believed, in ms: a response may become cacheable without notice. */
const BELIEVED_FOR = 10_000;
const MOST_KEYS = 10_000;

interface Refused {
  readonly app: string;
  readonly until: number;
  readonly because: string;
}

export class Uncacheable {
  readonly #keys = new Map<string, Refused>();

  /** @param because the reason that lies in the response */
  add(app: string, key: string, because: string, now: number): void {
    this.#keys.delete(key);
    this.#keys.set(key, { app, until: now + BELIEVED_FOR, because });
    if (this.#keys.size <= MOST_KEYS) return;
    const [oldest] = this.#keys.keys();
    this.#keys.delete(oldest!);
  }

  /** Why the last response under this key was not stored, if that is not long ago. */
  reason(key: string, now: number): string | undefined {
    const refused = this.#keys.get(key);
    if (refused === undefined) return undefined;
    if (now < refused.until) return refused.because;
    this.#keys.delete(key);
    return undefined;
  }

  forget(app: string): void {
    for (const [key, refused] of this.#keys) if (refused.app === app) this.#keys.delete(key);
  }
}
