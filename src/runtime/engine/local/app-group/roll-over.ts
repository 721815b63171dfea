/**
 * Preboot (https://devcenter.heroku.com/articles/preboot): the successors come up first, and only
 * then the old dynos get SIGTERM. When one successor does not come up, the old ones stay.
 */
import type { DynoRun } from '../dyno-run.js';
import type { TypePlan } from '../plan.js';
import type { Slot } from './slot.js';

/**
 * @param slots of one type
 * @param plan what the successors run
 * @param signal ends it: the successors are stopped, the old ones stay
 * @returns when the swap was begun, or given up
 */
export async function rollOver(
  slots: readonly Slot[],
  plan: TypePlan,
  signal: AbortSignal,
): Promise<void> {
  const prepared = await Promise.all(
    slots.map(async (slot) => ({ slot, run: await slot.prepare(plan, signal) })),
  );
  const pairs = prepared.flatMap(({ slot, run }) => (run ? [{ slot, run }] : []));
  const trouble = await firstTrouble(pairs, signal);
  // One that came up first may have crashed while the others did.
  const outcome = trouble === 'all up' && pairs.some(hasCrashed) ? 'failed' : trouble;
  if (outcome === 'failed') {
    for (const { run } of pairs) run.say(stayed(plan));
  }
  for (const { slot, run } of pairs) {
    if (outcome === 'all up' && slot.isPreparing(run)) slot.promote(run);
    else void slot.abandon(run);
  }
}

interface Pair {
  readonly slot: Slot;
  readonly run: DynoRun;
}

function hasCrashed({ slot, run }: Pair): boolean {
  return run.dyno.status.state === 'crashed' && slot.isPreparing(run);
}

/** A slot that was scaled away or stopped meanwhile takes no part any more. */
function firstTrouble(
  pairs: readonly Pair[],
  signal: AbortSignal,
): Promise<'all up' | 'failed' | 'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    const outcomes = pairs.map(async ({ slot, run }) => {
      const outcome = await run.ready;
      if (outcome === 'ended' && slot.isPreparing(run)) resolve('failed');
    });
    void Promise.all(outcomes).then(() => resolve('all up'));
  });
}

function stayed(plan: TypePlan): string {
  return `The new dynos of release v${plan.release} did not come up; the old ones stay. Mend the app and release it again.`;
}
