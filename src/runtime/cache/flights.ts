/** Fetches under way: who else may have their response, and which of them have been overtaken. */
import type { Fill } from './fill.js';
import type { Outcome } from './messages.js';
import type { StoredResponse } from './stored.js';

/** How long a URI whose response could not be shared is fetched by each client on its own, in ms. */
const ALONE_FOR = 120_000;
const MOST_ALONE = 10_000;

/** What came of a fetch, for those who wait for it. */
export type Landing =
  /** A response that others may have while it comes in. */
  | { readonly kind: 'fill'; readonly fill: Fill }
  /** A stored response that was found good, or stands in for a failed origin. */
  | { readonly kind: 'stored'; readonly response: StoredResponse; readonly outcome: Outcome }
  /** Nothing to share: each asks on its own. */
  | { readonly kind: 'alone' };

/** One fetch, from before it is sent until its response is stored or dropped. */
export class Flight {
  /** Whether what it fetches may still be stored: not when the URI was invalidated meanwhile. */
  validity: 'current' | 'overtaken' = 'current';
  readonly landed: Promise<Landing>;
  #land!: (landing: Landing) => void;

  constructor(
    readonly app: string,
    readonly key: string,
    readonly slot: string | undefined,
  ) {
    this.landed = new Promise((resolve) => {
      this.#land = resolve;
    });
  }

  /** Tells those who wait; the first call counts. */
  land(landing: Landing): void {
    this.#land(landing);
  }
}

export class Flights {
  readonly #all = new Set<Flight>();
  readonly #bySlot = new Map<string, Flight>();
  readonly #aloneUntil = new Map<string, number>();

  /** @param slot under which others find it, when its response may be for them too */
  start(app: string, key: string, slot?: string): Flight {
    const flight = new Flight(app, key, slot);
    this.#all.add(flight);
    if (slot !== undefined) this.#bySlot.set(slot, flight);
    return flight;
  }

  find(slot: string): Flight | undefined {
    return this.#bySlot.get(slot);
  }

  /** Nobody finds it any more. */
  end(flight: Flight): void {
    flight.land({ kind: 'alone' });
    this.#all.delete(flight);
    this.#hide(flight);
  }

  /** What these fetches bring is no longer to be stored, and nobody new may wait for it. */
  overtake(app: string, matches: (key: string) => boolean): void {
    for (const flight of this.#all) {
      if (flight.app !== app || !matches(flight.key)) continue;
      flight.validity = 'overtaken';
      this.#hide(flight);
    }
  }

  /** Remembers whether waiting for this fetch was in vain, so that its like do not queue up. */
  remember(flight: Flight, shared: 'shared' | 'alone', now: number): void {
    if (flight.slot === undefined) return;
    this.#aloneUntil.delete(flight.slot);
    if (shared === 'shared') return;
    this.#aloneUntil.set(flight.slot, now + ALONE_FOR);
    if (this.#aloneUntil.size <= MOST_ALONE) return;
    const [oldest] = this.#aloneUntil.keys();
    this.#aloneUntil.delete(oldest!);
  }

  goesAlone(slot: string, now: number): boolean {
    const until = this.#aloneUntil.get(slot);
    return until !== undefined && now < until;
  }

  #hide(flight: Flight): void {
    if (flight.slot !== undefined && this.#bySlot.get(flight.slot) === flight) {
      this.#bySlot.delete(flight.slot);
    }
  }
}
