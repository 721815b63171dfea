/** Which of several dynos takes the next request. Pure, with chance passed in. */

/** `random` is Heroku's own (reference section 3.2). */
export type Balancing = 'round-robin' | 'least-connections' | 'random';

/** What choosing looks at. */
export interface Candidate {
  /** Requests that are open on it. */
  readonly open: number;
}

/**
 * @param candidates those that may be chosen, in the order of their slots; at least one
 * @param turn counts up by one per choice
 * @param chance a number from 0 up to, not including, 1
 */
export function choose<T extends Candidate>(
  balancing: Balancing,
  candidates: readonly T[],
  turn: number,
  chance: () => number,
): T {
  if (balancing === 'random') return candidates[Math.floor(chance() * candidates.length)]!;
  const start = turn % candidates.length;
  if (balancing === 'round-robin') return candidates[start]!;
  let best = candidates[start]!;
  for (let step = 1; step < candidates.length; step += 1) {
    const next = candidates[(start + step) % candidates.length]!;
    if (next.open < best.open) best = next;
  }
  return best;
}
