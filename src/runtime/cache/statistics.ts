/** What the cache did for each app, counted. Bounded: a flood of paths drives out the rare ones. */
import { pathOf, uriOfKey, visible } from './key.js';
import type { Outcome } from './messages.js';
import type { StoreUsage } from './store.js';

/** Most paths of an app that are counted one by one. */
const MOST_PATHS = 1000;
/** How many paths a report lists. */
const LISTED = 10;

/** What the cache did for an app since the platform started, as `paas cache` shows it. */
export interface CacheStatistics {
  /** Answers from the store: fresh, validated or allowed though stale. */
  readonly hits: number;
  /** Answers from a dyno. */
  readonly misses: number;
  /** Answers that shared the fetch of another request; hits or misses, as their fetch. */
  readonly collapsed: number;
  /** The same, by what happened. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Stored responses, and what they count for in the budget. */
  readonly entries: number;
  readonly bytes: number;
  /** Body bytes that were answered from the store. */
  readonly bytesSaved: number;
  /** Why responses were not stored → how often. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly hottest: readonly { readonly path: string; readonly hits: number }[];
  /** Paths that were never stored, with the reason of their last response. */
  readonly uncacheable: readonly {
    readonly path: string;
    readonly reason: string;
    readonly count: number;
  }[];
}

interface Tally {
  hits: number;
  refusals: number;
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
  readonly #reasons: Record<string, number> = {};
  readonly #paths = new Map<string, Tally>();
  #bytesSaved = 0;
  #collapsed = 0;

  /** @param key primary key of the request, best the very string that the store has: its hash is known */
  answered(outcome: Outcome, key: string, bytes: number): void {
    this.#outcomes[outcome] += 1;
    if (outcome === 'miss' || outcome === 'pass') return;
    this.#bytesSaved += bytes;
    this.#tally(key).hits += 1;
  }

  /** An answer shared another one's fetch; it is counted by `answered` too. */
  shared(): void {
    this.#collapsed += 1;
  }

  stored(key: string): void {
    this.#tally(key).stored = 'ever';
  }

  refused(key: string, because: string): void {
    this.#reasons[because] = (this.#reasons[because] ?? 0) + 1;
    const tally = this.#tally(key);
    tally.refusals += 1;
    tally.because = because;
  }

  report(usage: StoreUsage): CacheStatistics {
    const tallies = [...this.#paths];
    const { hit, stale, revalidated, miss, pass } = this.#outcomes;
    return {
      hits: hit + stale + revalidated,
      misses: miss + pass,
      collapsed: this.#collapsed,
      outcomes: { ...this.#outcomes },
      entries: usage.responses,
      bytes: usage.bytes,
      bytesSaved: this.#bytesSaved,
      reasons: { ...this.#reasons },
      hottest: tallies
        .filter(([, tally]) => tally.hits > 0)
        .sort(([, one], [, other]) => other.hits - one.hits)
        .slice(0, LISTED)
        .map(([key, tally]) => ({ path: shownPath(key), hits: tally.hits })),
      uncacheable: tallies
        .filter(([, tally]) => tally.stored === 'never' && tally.refusals > 0)
        .sort(([, one], [, other]) => other.refusals - one.refusals)
        .slice(0, LISTED)
        .map(([key, { because: reason, refusals: count }]) => ({
          path: shownPath(key),
          reason,
          count,
        })),
    };
  }

  #tally(key: string): Tally {
    const known = this.#paths.get(key);
    if (known) return known;
    if (this.#paths.size >= MOST_PATHS) this.#dropRare();
    const tally: Tally = { hits: 0, refusals: 0, stored: 'never', because: '' };
    this.#paths.set(key, tally);
    return tally;
  }

  /** Drops the rarer half: each path that stays was counted more often than any that goes. */
  #dropRare(): void {
    const uses = ({ hits, refusals }: Tally) => hits + refusals;
    const ranked = [...this.#paths].sort(([, one], [, other]) => uses(one) - uses(other));
    for (const [key] of ranked.slice(0, MOST_PATHS / 2)) this.#paths.delete(key);
  }
}

function shownPath(key: string): string {
  return visible(pathOf(uriOfKey(key)));
}
