/** Compares the wish with what there is. Pure: the same two values always give the same list. */

/** The wish for one type. */
export interface TypeWish {
  readonly type: string;
  readonly quantity: number;
  /** Dynos with another signature have to be replaced. */
  readonly signature: string;
}

/** A slot as it is. */
export interface SlotFact {
  readonly type: string;
  readonly number: number;
  readonly signature: string;
  /** `held`: somebody stopped it by hand, and it stays so until its type is scaled or changed. */
  readonly state: 'running' | 'held';
}

export type Action =
  | { readonly kind: 'stop'; readonly type: string; readonly number: number }
  | { readonly kind: 'keep'; readonly type: string; readonly number: number }
  | { readonly kind: 'replace'; readonly type: string; readonly number: number }
  | { readonly kind: 'start'; readonly type: string; readonly number: number };

/**
 * @param wishes types in the order of the Procfile; one that is missing has no dynos
 * @param facts the slots that there are
 * @param before quantities of the last manifest: a type that is scaled wakes its held slots
 * @returns what to do: stops first (highest numbers first), then the types in order
 */
export function reconcile(
  wishes: readonly TypeWish[],
  facts: readonly SlotFact[],
  before: ReadonlyMap<string, number>,
): Action[] {
  const wanted = new Map(wishes.map((wish) => [wish.type, wish.quantity]));
  const stops = facts
    .filter((fact) => fact.number > (wanted.get(fact.type) ?? 0))
    .sort((a, b) => b.number - a.number)
    .map(({ type, number }): Action => ({ kind: 'stop', type, number }));
  return [...stops, ...wishes.flatMap((wish) => forType(wish, facts, before))];
}

function forType(
  wish: TypeWish,
  facts: readonly SlotFact[],
  before: ReadonlyMap<string, number>,
): Action[] {
  const present = new Map(facts.filter((f) => f.type === wish.type).map((f) => [f.number, f]));
  const scaled = before.get(wish.type) !== wish.quantity;
  return Array.from({ length: wish.quantity }, (_, index): Action => {
    const number = index + 1;
    const fact = present.get(number);
    if (!fact) return { kind: 'start', type: wish.type, number };
    const changed = fact.signature !== wish.signature || (fact.state === 'held' && scaled);
    return { kind: changed ? 'replace' : 'keep', type: wish.type, number };
  });
}
