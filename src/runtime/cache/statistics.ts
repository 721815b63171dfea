/** What the cache did for each app, counted. Bounded: a flood of paths drives out the rare ones. */
import type { Outcome } from './messages.js';
import type { StoreUsage } from './store.js';

/** Most paths of an app that are counted one by one. */
const MOST_PATHS = 1000;
/** How many paths a report lists. */
const LISTED = 10;

/** A path of an app with a number; `because` where it was never stored. */
export interface PathCount {
  readonly path: string;
  readonly count: number;
}

export interface NeverCached extends PathCount {
  /** Why its last response was not stored: `no-store`, `set-cookie`, … */
  readonly because: string;
}

/** What `paas cache` shows of an app since its cache was last emptied by a restart of the platform. */
export interface CacheStatistics extends StoreUsage {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Why responses were not stored, by reason. */
  readonly notStored: Readonly<Record<string, number>>;
  /** Body bytes that were answered without a dyno. */
  readonly bytesSaved: number;
  readonly hottest: readonly PathCount[];
  readonly neverCached: readonly NeverCached[];
}

interface Tally {
  hits: number;
  passes: number;
  stored: 'ever' | 'never';
  because: string;
}

export class AppStatistics {
  readonly #outcomes: Record<Outcome, number> = {
    hit: 0,
    revalidated: 0,
    stale: 0,
    miss: 0,
    pass: 0,
  };
  readonly #notStored: Record<string, number> = {};
  readonly #paths = new Map<string, Tally>();
  #bytesSaved = 0;

  /** @param uri scheme, host and path of the request */
  answered(outcome: Outcome, uri: string, bytes: number): void {
    this.#outcomes[outcome] += 1;
    if (outcome === 'miss' || outcome === 'pass') return;
    this.#bytesSaved += bytes;
    this.#tally(uri).hits += 1;
  }

  stored(uri: string): void {
    this.#tally(uri).stored = 'ever';
  }

  refused(uri: string, because: string): void {
    this.#notStored[because] = (this.#notStored[because] ?? 0) + 1;
    const tally = this.#tally(uri);
    tally.passes += 1;
    tally.because = because;
  }

  report(usage: StoreUsage): CacheStatistics {
    const tallies = [...this.#paths];
    return {
      ...usage,
      outcomes: { ...this.#outcomes },
      notStored: { ...this.#notStored },
      bytesSaved: this.#bytesSaved,
      hottest: tallies
        .filter(([, tally]) => tally.hits > 0)
        .sort(([, one], [, other]) => other.hits - one.hits)
        .slice(0, LISTED)
        .map(([path, tally]) => ({ path, count: tally.hits })),
      neverCached: tallies
        .filter(([, tally]) => tally.stored === 'never' && tally.passes > 0)
        .sort(([, one], [, other]) => other.passes - one.passes)
        .slice(0, LISTED)
        .map(([path, tally]) => ({ path, count: tally.passes, because: tally.because })),
    };
  }

  #tally(uri: string): Tally {
    const known = this.#paths.get(uri);
    if (known) return known;
    if (this.#paths.size >= MOST_PATHS) this.#dropRare();
    const tally: Tally = { hits: 0, passes: 0, stored: 'never', because: '' };
    this.#paths.set(uri, tally);
    return tally;
  }

  /** Drops the rarer half: each path that stays was counted more often than any that goes. */
  #dropRare(): void {
    const uses = ({ hits, passes }: Tally) => hits + passes;
    const ranked = [...this.#paths].sort(([, one], [, other]) => uses(one) - uses(other));
    for (const [uri] of ranked.slice(0, MOST_PATHS / 2)) this.#paths.delete(uri);
  }
}
