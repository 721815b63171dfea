/** When `paas wait` has waited enough. Pure. */
import type { DynoJson, FormationJson } from '../runtime/api/representations.js';

/** What is waited for. */
export type Goal = 'ready' | 'down';

/**
 * What is still missing, in words; nothing when the goal is reached.
 * @param type only dynos of this type count; undefined: all of the formation
 * @param release version of the newest release: older dynos are not the ones waited for
 */
export function missing(
  goal: Goal,
  type: string | undefined,
  formation: readonly FormationJson[],
  dynos: readonly DynoJson[],
  release: number,
): string | undefined {
  const wanted = formation.filter((row) => type === undefined || row.type === type);
  const types = new Set(wanted.map((row) => row.type));
  const up = dynos.filter((dyno) => types.has(dyno.type) && dyno.state === 'up' && !dyno.stopping);
  if (goal === 'down') {
    return up.length === 0 ? undefined : `still up: ${up.map(({ name }) => name).join(', ')}`;
  }
  const total = wanted.reduce((sum, { quantity }) => sum + quantity, 0);
  const current = up.filter((dyno) => dyno.release.version >= release);
  if (current.length >= total) return undefined;
  const waiting = dynos
    .filter((dyno) => types.has(dyno.type) && !current.includes(dyno))
    .map(({ name, state }) => `${name} is ${state}`);
  return `${current.length} / ${total} up${waiting.length === 0 ? '' : `; ${waiting.join(', ')}`}`;
}
