/** Waiting until dynos are as they are wanted: `paas wait`, `paas restart --wait`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynoJson, FormationJson, ReleaseJson } from '../runtime/api/representations.js';
import { PlatformError } from '../runtime/errors.js';
import type { RunningApp } from './app-command.js';

/** ms between two looks. */
const INTERVAL = 100;

/** What is waited for. */
export type Goal = 'ready' | 'down';

/**
 * Looks again and again until nothing is missing.
 * @param look says in words what is missing, or undefined
 * @param seconds after which it gives up
 * @throws PlatformError unavailable when the time is over
 */
export async function waitUntil(
  look: () => Promise<string | undefined>,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const lacking = await look();
    if (lacking === undefined) return;
    if (Date.now() >= end) {
      throw new PlatformError(
        'unavailable',
        `Waited ${seconds} s in vain (${lacking}). \`paas ps\` and \`paas logs\` say why.`,
      );
    }
    await sleep(Math.min(INTERVAL, Math.max(0, end - Date.now())));
  }
}

/**
 * What a running app lacks, in words; nothing when the goal is reached.
 * @param type only dynos of this type count; undefined: all of the formation
 * @throws PlatformError not_found (of the resource `type`) for a type that there is not
 */
export async function lackingIn(
  { api, path }: RunningApp,
  goal: Goal,
  type: string | undefined,
): Promise<string | undefined> {
  const [formation, dynos, [newest]] = await Promise.all([
    api.request<FormationJson[]>('GET', `${path}/formation`),
    api.request<DynoJson[]>('GET', `${path}/dynos`),
    api.request<ReleaseJson[]>('GET', `${path}/releases`, {
      range: 'version ..; max=1, order=desc',
    }),
  ]);
  refuseUnknown(type, formation);
  return missing(goal, type, formation, dynos, newest?.version ?? 0);
}

function refuseUnknown(type: string | undefined, formation: readonly FormationJson[]): void {
  if (type === undefined || formation.some((row) => row.type === type)) return;
  const known = formation.map((row) => row.type).join(', ');
  throw new PlatformError(
    'not_found',
    `There is no process type "${type}" in the Procfile. It names ${known}.`,
    { resource: 'type' },
  );
}

/**
 * What is still missing, in words; nothing when the goal is reached. Pure.
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
  const current = up.filter((dyno) => dyno.release.version >= release && !dyno.outdated);
  if (current.length >= total) return undefined;
  const waiting = dynos
    .filter((dyno) => types.has(dyno.type) && !current.includes(dyno))
    .map(({ name, state, outdated }) => `${name} is ${outdated ? 'being replaced' : state}`);
  return `${current.length} / ${total} up${waiting.length === 0 ? '' : `; ${waiting.join(', ')}`}`;
}
