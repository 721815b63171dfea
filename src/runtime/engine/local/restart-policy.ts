/**
 * When a crashed dyno starts again. `local` is quick, for a developer at the desk; `heroku` is the
 * table of the Common Runtime (https://devcenter.heroku.com/articles/dynos#dyno-crash-restart-policy);
 * `never` leaves a crashed dyno crashed.
 */
export type RestartPolicy = 'local' | 'heroku' | 'never';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A dyno that was up for this long (ms) is stable again: its next crash counts as the first. */
export const STABLE_AFTER = MINUTE;

const LONGEST_LOCAL_WAIT = 60 * SECOND;

/** Upper bounds of Heroku's waits before the second and later restarts, in ms; the last one repeats. */
const HEROKU_WAITS = [20, 40, 60, 180, 320].map((minutes) => minutes * MINUTE);

/**
 * @param policy which table
 * @param crashes crashes in a row, this one included: 1, 2, …
 * @param jitter 0 to 1, how much of an "up to" wait is taken
 * @returns ms to wait before the next start, or undefined for no start at all
 */
export function restartDelay(
  policy: RestartPolicy,
  crashes: number,
  jitter: number,
): number | undefined {
  if (policy === 'never') return undefined;
  if (crashes <= 1) return 0;
  if (policy === 'local') return Math.min(SECOND * 2 ** (crashes - 2), LONGEST_LOCAL_WAIT);
  const longest = HEROKU_WAITS[Math.min(crashes - 2, HEROKU_WAITS.length - 1)] as number;
  return Math.round(longest * jitter);
}

/**
 * @param crashes crashes in a row before this one
 * @param upFor ms that the dyno was up before it crashed
 * @returns crashes in a row, this one included
 */
export function countCrash(crashes: number, upFor: number): number {
  return upFor >= STABLE_AFTER ? 1 : crashes + 1;
}

const CYCLE_AFTER = 24 * 60 * MINUTE;
const CYCLE_SPREAD = 216 * MINUTE;

/**
 * Age at which Heroku cycles a dyno: 24 hours and 0 to 216 minutes
 * (https://devcenter.heroku.com/articles/dynos#automatic-dyno-restarts).
 * @param jitter 0 to 1
 * @returns ms
 */
export function cycleAge(jitter: number): number {
  return CYCLE_AFTER + Math.round(CYCLE_SPREAD * jitter);
}
