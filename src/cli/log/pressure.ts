/**
 * When a process that writes more than the terminal takes is held back, and when lines are dropped
 * in place of that. Pure. A fast terminal loses nothing; a stopped one holds nobody for long.
 */

/** More waiting than this (bytes): hold the flooding processes back. */
export const HIGH_WATER = 2 * 1024 * 1024;

/** Fewer than this: let them go on. */
export const LOW_WATER = 512 * 1024;

/** Most that may ever wait; beyond it the oldest lines are dropped. */
const MOST_WAITING = 5 * 1024 * 1024;

/** Most that may wait while lines are dropped anyway: what is shown should be recent. */
const MOST_WHILE_DROPPING = LOW_WATER;

/** Longest time, in ms, that a terminal may take to get from high to low: 1.5 MB/s. */
export const PATIENCE = 1_000;

export type Pressure =
  | { readonly state: 'flowing' }
  /** Flooding processes are held back, since then (ms). */
  | { readonly state: 'holding'; readonly since: number }
  /** The terminal is too slow to wait for: processes run freely, the oldest lines go. */
  | { readonly state: 'dropping' };

export const FLOWING: Pressure = { state: 'flowing' };

/**
 * @param waiting bytes that wait
 * @param now ms
 */
export function nextPressure(pressure: Pressure, waiting: number, now: number): Pressure {
  if (waiting < (pressure.state === 'dropping' ? LOW_WATER / 8 : LOW_WATER)) return FLOWING;
  switch (pressure.state) {
    case 'flowing':
      return waiting > HIGH_WATER ? { state: 'holding', since: now } : pressure;
    case 'holding':
      return now - pressure.since >= PATIENCE ? { state: 'dropping' } : pressure;
    case 'dropping':
      return pressure;
  }
}

/** Most bytes that may wait now. */
export function mostWaiting({ state }: Pressure): number {
  return state === 'dropping' ? MOST_WHILE_DROPPING : MOST_WAITING;
}

const LEAST_CHUNK = 4 * 1024;
/** Bytes of the largest write. */
export const LARGEST_CHUNK = 512 * 1024;

/** A write should take about so long (ms): what is written after it waits for it. */
const WRITE_TIME = 4;

/** A write into a pipe that had room tells nothing about its reader: bolder steps would swing. */
const GROWTH = 1.25;

/**
 * How many bytes to write at once, so that a slow reader has little before it that cannot be
 * overtaken, and a fast one is served in large pieces.
 * @param chunk how many it was
 * @param elapsed how long that took, in ms
 */
export function nextChunk(chunk: number, elapsed: number): number {
  const ideal = elapsed > 0 ? (chunk * WRITE_TIME) / elapsed : LARGEST_CHUNK;
  return Math.round(Math.min(LARGEST_CHUNK, chunk * GROWTH, Math.max(LEAST_CHUNK, ideal)));
}
