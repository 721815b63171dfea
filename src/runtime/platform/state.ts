/** What the platform holds of one app while it runs, and how a change moves it on. Pure. */
import { newId } from '../identity.js';
import type { App, Formation, ProcessTypes, Release } from '../model.js';
import type { Store, StoredApp } from '../store/store.js';
import { addRelease, currentRelease, type ReleaseContent, withStatus } from './releases.js';
import type { Source } from './source.js';

/** One app, as it is now. A change makes a new one. */
export interface AppState {
  readonly app: App;
  readonly releases: readonly Release[];
  readonly procfile: ProcessTypes;
  readonly source: Source;
  /** What runs now: for this run other types or quantities may have been asked for than are kept. */
  readonly formation: Formation;
  readonly store: Store;
}

/** One step of an app. Everything in it happens, or nothing. */
export interface Change {
  /** Lines for the log, without who did it: `Set FOO config vars`. */
  readonly says: readonly string[];
  readonly app?: Partial<Pick<App, 'maintenance' | 'domains' | 'drains' | 'features' | 'addons'>>;
  /** The formation to run from now on; rows that differ from before are kept for the next start. */
  readonly formation?: Formation;
  readonly source?: Source;
  readonly release?: Omit<ReleaseContent, 'status'>;
  /** Takes back what was done for it outside, where it could not be kept. */
  readonly undo?: () => void;
}

/** A new app, before its first release. */
export function newApp(name: string, now: number): App {
  return {
    id: newId(),
    name,
    formation: {},
    domains: [],
    drains: [],
    features: {},
    maintenance: false,
    createdAt: now,
    updatedAt: now,
  };
}

/** The app after a change. A release with a release phase is `pending` until its command has ended. */
export function advance(state: AppState, change: Change, now: number): AppState {
  const source = change.source ?? state.source;
  const pending = change.release?.processTypes['release'] !== undefined;
  const releases = change.release
    ? addRelease(
        state.releases,
        { ...change.release, status: pending ? 'pending' : 'succeeded' },
        now,
      )
    : state.releases;
  return {
    ...state,
    app: {
      ...state.app,
      ...change.app,
      formation: keptFormation(state, change.formation),
      updatedAt: now,
    },
    releases,
    source,
    procfile: source.processTypes,
    formation: change.formation ?? state.formation,
  };
}

/** The app after the release phase of its newest release. */
export function afterReleasePhase(state: AppState, succeeded: boolean): AppState {
  const version = state.releases.at(-1)?.version ?? 0;
  const releases = withStatus(state.releases, version, succeeded ? 'succeeded' : 'failed');
  return { ...state, releases };
}

/** The part of an app that outlives this run. */
export function storedPart({ app, releases, procfile }: AppState): StoredApp {
  return { app, releases, procfile };
}

/** The release whose dynos run, if any ever succeeded. */
export function runningRelease(state: AppState): Release | undefined {
  return currentRelease(state.releases);
}

function keptFormation(state: AppState, formation: Formation | undefined): Formation {
  if (!formation) return state.app.formation;
  const changed = Object.entries(formation).filter(([type, entry]) => {
    const before = state.formation[type];
    return before?.quantity !== entry.quantity || before.size !== entry.size;
  });
  return { ...state.app.formation, ...Object.fromEntries(changed) };
}
