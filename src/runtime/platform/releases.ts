/** Releases: append-only, numbered, and what may be made of them. Pure. */

import { PlatformError } from '../errors.js';
import { newId } from '../identity.js';
import type { ConfigVars, ProcessTypes, Release } from '../model.js';

/** Releases that are kept; older ones cannot be rolled back to any more. */
const MOST_KEPT = 500;

/** What a release is made of, its number and times apart. */
export type ReleaseContent = Pick<
  Release,
  'description' | 'slug' | 'processTypes' | 'config' | 'attached' | 'status'
>;

/** The list with one more release at its end. */
export function addRelease(
  releases: readonly Release[],
  content: ReleaseContent,
  now: number,
): Release[] {
  const version = (releases.at(-1)?.version ?? 0) + 1;
  return [...releases, { id: newId(), version, createdAt: now, ...content }].slice(-MOST_KEPT);
}

/** The release that runs: the newest one that succeeded. */
export function currentRelease(releases: readonly Release[]): Release | undefined {
  return releases.findLast(({ status }) => status === 'succeeded');
}

/** The list with another status for one release. */
export function withStatus(
  releases: readonly Release[],
  version: number,
  status: Release['status'],
): Release[] {
  return releases.map((release) =>
    release.version === version ? { ...release, status } : release,
  );
}

/**
 * The release that a rollback goes back to.
 * @param wanted `v3`, `3` or a release's id; without it the one before the current
 * @throws PlatformError not_found when there is none, invalid_params when it never succeeded
 */
export function rollbackTarget(releases: readonly Release[], wanted?: string): Release {
  const current = currentRelease(releases);
  const target =
    wanted === undefined
      ? releases.findLast(
          ({ status, version }) => status === 'succeeded' && version < (current?.version ?? 0),
        )
      : findRelease(releases, wanted);
  if (!target) {
    throw new PlatformError(
      'not_found',
      'There is no earlier release to roll back to. `paas releases` lists them.',
    );
  }
  if (target.status !== 'succeeded') {
    throw new PlatformError(
      'invalid_params',
      `v${target.version} never ran: its release command failed. Roll back to one that succeeded.`,
    );
  }
  return target;
}

/**
 * A release by `v3`, `3` or its id.
 * @throws PlatformError not_found
 */
export function findRelease(releases: readonly Release[], wanted: string): Release {
  const version = /^v?(\d+)$/.exec(wanted)?.[1];
  const found = releases.find(
    (release) =>
      release.id === wanted || (version !== undefined && release.version === Number(version)),
  );
  if (!found) {
    throw new PlatformError(
      'not_found',
      `Couldn't find the release ${version === undefined ? wanted : `v${version}`}. \`paas releases\` lists them.`,
      {
        resource: 'release',
      },
    );
  }
  return found;
}

/** Which config vars differ: names, in order, of those set and those removed. */
export function configChanges(
  before: ConfigVars,
  after: ConfigVars,
): { set: string[]; removed: string[] } {
  return {
    set: Object.keys(after).filter((key) => before[key] !== after[key]),
    removed: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  };
}

/**
 * What happened, in Heroku's words (reference section 6.2), or undefined where nothing did.
 * @param commit first 8 digits of the commit that is checked out, where there is one
 */
export function describeChange(
  before: Pick<Release, 'config' | 'processTypes'>,
  after: Pick<Release, 'config' | 'processTypes'>,
  commit?: string,
): string | undefined {
  if (!sameTypes(before.processTypes, after.processTypes))
    return commit ? `Deploy ${commit}` : 'Deploy';
  const { set, removed } = configChanges(before.config, after.config);
  const changes = [
    ...(set.length > 0 ? [`set ${set.join(', ')}`] : []),
    ...(removed.length > 0 ? [`remove ${removed.join(', ')}`] : []),
  ].join(' and ');
  return changes === '' ? undefined : `${changes[0]?.toUpperCase()}${changes.slice(1)} config vars`;
}

/** True when both have the same types with the same commands in the same order. */
export function sameTypes(one: ProcessTypes, other: ProcessTypes): boolean {
  return JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));
}
