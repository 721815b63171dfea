/** "Did you mean": the known word that is fewest typing errors away. Pure. */

/**
 * @returns the nearest of the known words, or undefined when none is near: more than a third of
 *   its letters would have to change
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const changes = distance(word, candidate);
    if (changes < fewest && changes <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      fewest = changes;
    }
  }
  return best;
}

/**
 * Letters to insert, drop, change or swap with their neighbour to make one word of the other
 * (optimal string alignment).
 */
export function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let changes = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) changes = Math.min(changes, beforeLast[j - 2]! + 1);
      row.push(changes);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length]!;
}
