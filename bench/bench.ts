/** What a benchmark is: a file in this folder that exports `name` and `run`. */

/** One line of the table: who was measured, and its values by column. */
export interface BenchRow {
  readonly name: string;
  readonly values: Readonly<Record<string, number | string>>;
}

/** A speed that we claim in the documents, and whether this run bears it out. */
export interface BenchClaim {
  /** The claim in words: `first line no later than node-foreman's`. */
  readonly claim: string;
  /** What was measured, in the unit of `limit`. */
  readonly measured: number;
  /** Where the claim ends. */
  readonly limit: number;
  /** `at-most` for ratios of cost, `at-least` for ratios of throughput. */
  readonly bound: 'at-most' | 'at-least';
}

/** What one run of a benchmark found. */
export interface BenchResult {
  readonly title: string;
  /** Columns in the order of the table, each with its unit in the name: `median ms`, `x node`. */
  readonly columns: readonly string[];
  readonly rows: readonly BenchRow[];
  readonly claims: readonly BenchClaim[];
  /** How it was measured: tools, versions, numbers of runs, what was left out and why. */
  readonly notes: readonly string[];
}

/** A module of this folder. */
export interface Bench {
  /** Name on the command line: `npm run bench router`. */
  readonly name: string;
  /** Measures, alone on the machine. It cleans up after itself, and throws when it cannot measure. */
  run(): Promise<BenchResult>;
}

/** True when the measured value is within the claim. */
export function holds(claim: BenchClaim): boolean {
  return claim.bound === 'at-most' ? claim.measured <= claim.limit : claim.measured >= claim.limit;
}

/**
 * The value at a share of the sorted values: 0.5 is the median.
 * @param share 0 to 1
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
