/** The `Range` header of a list (reference section 10): `version ..; max=15, order=desc`. Pure. */

const DEFAULT_PAGE = 200;
const MOST_PER_PAGE = 1000;

/**
 * @param header as it came; separators `;` and `,` may be mixed, options come in any order
 * @returns how many rows, and in which order
 */
export function parseRange(header: string | undefined): { max: number; descending: boolean } {
  const max = Number(/\bmax=(\d+)/.exec(header ?? '')?.[1] ?? DEFAULT_PAGE);
  return { max: Math.min(max, MOST_PER_PAGE), descending: /\border=desc\b/.test(header ?? '') };
}
