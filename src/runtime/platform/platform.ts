/** The centre: holds the apps and changes them, one step at a time: save, tell, apply. */
import type { Engine, Manifest } from '../engine/engine.js';
import { PlatformError } from '../errors.js';
import type { App, Dyno, Formation, LogMessage } from '../model.js';
import { appNameFrom } from '../settings.js';
import type { Store } from '../store/store.js';
import { attachedVars } from './attachments.js';
import { deployment, releaseOf, typesToRun } from './deployment.js';
import { effectiveFormation } from './formation.js';
import { manifestOf } from './manifest.js';
import { type Source, withAttached } from './source.js';
import {
  type AppState,
  advance,
  afterReleasePhase,
  type Change,
  newApp,
  runningRelease,
  storedPart,
} from './state.js';

/** Who is told of what happens. It must not throw. */
export interface PlatformListener {
  /** After each change of an app, before its dynos follow. */
  appChanged(state: AppState): void;
  log(message: LogMessage): void;
}

/** What a platform is made of. */
export interface PlatformParts {
  readonly engine: Engine;
  readonly listener: PlatformListener;
  /** Who makes the changes, as the log names them: `ada@localhost`. */
  readonly actor: string;
}

/** An app to take in. */
export interface Opening {
  readonly source: Source;
  readonly store: Store;
  /** Changes the formation for this run only: `-m`, types on the command line, `-x`. */
  readonly select?: (formation: Formation) => Formation;
  /** Types that run on a terminal of their own. */
  readonly ttyTypes?: readonly string[];
  /** Starts what the dynos lean on, before they start. @returns the app as it is then */
  readonly prepare?: (app: App) => Promise<App>;
}

/** An app and the queue of its changes. */
interface Place {
  state: AppState;
  readonly ttyTypes: readonly string[];
  turn: Promise<unknown>;
}

/** ms that a release command has, as on Heroku (https://devcenter.heroku.com/articles/release-phase). */
const RELEASE_LIMIT = 60 * 60 * 1000;

export class Platform {
  private readonly places = new Map<string, Place>();
  readonly actor: string;

  constructor(private readonly parts: PlatformParts) {
    this.actor = parts.actor;
  }

  /**
   * Takes an app in, makes a release where its folder says something new, and starts its dynos.
   * @throws PlatformError when its state cannot be read or kept, or its first release fails
   */
  async open({
    source: folder,
    store,
    select = (formation) => formation,
    ttyTypes = [],
    prepare = async (app) => app,
  }: Opening): Promise<AppState> {
    const stored = await store.load();
    const app = await prepare(stored?.app ?? newApp(appNameFrom(folder.name), Date.now()));
    const source = withAttached(folder, attachedVars(app.addons));
    const releases = stored?.releases ?? [];
    const types = typesToRun(source, stored?.procfile, releases.at(-1)?.processTypes);
    const formation = select(effectiveFormation(types, app.formation, source.appJson.formation));
    const procfile = stored?.procfile ?? {}; // as it was last seen: an edit since then is a release
    const state = { app, releases, procfile, source, formation, store };
    this.places.set(app.id, { state, ttyTypes, turn: Promise.resolve() });
    try {
      await this.change(app.id, (now) => firstChange(now, source));
    } catch (error) {
      // A release command that fails leaves the release before it live; a new app has none.
      if (!runningRelease(this.find(app.id))) throw error;
      await this.change(app.id, (now) => ({ says: [], formation: now.formation }));
    }
    return this.find(app.id);
  }

  /** Every app that is held. */
  list(): AppState[] {
    return [...this.places.values()].map(({ state }) => state);
  }

  /** @throws PlatformError not_found */
  find(nameOrId: string): AppState {
    return this.place(nameOrId).state;
  }

  /**
   * The one way to change an app. Changes of one app run one after the other.
   * @param edit says what is to change, given the app as it is when its turn comes; undefined: nothing
   * @returns the app after it
   * @throws PlatformError what `edit` throws, or when saving fails: then nothing has changed
   */
  change(
    nameOrId: string,
    edit: (state: AppState) => Change | undefined | Promise<Change | undefined>,
  ): Promise<AppState> {
    const place = this.place(nameOrId);
    const turn = place.turn.then(async () => {
      const change = await edit(place.state);
      if (change) await this.carryOut(place, change);
      return place.state;
    });
    place.turn = turn.catch(() => undefined);
    return turn;
  }

  /** The wish for an app as it is now. @throws PlatformError not_found before its first release */
  manifest(nameOrId: string): Manifest {
    const place = this.place(nameOrId);
    const manifest = this.manifestFor(place);
    if (!manifest)
      throw new PlatformError(
        'not_found',
        `${place.state.app.name} has no release that works yet.`,
      );
    return manifest;
  }

  dynos(nameOrId: string): readonly Dyno[] {
    return this.parts.engine.dynos(this.place(nameOrId).state.app.id);
  }

  get engine(): Engine {
    return this.parts.engine;
  }

  /** Writes a line of the platform itself into an app's log: `app[api]: …`. */
  say(app: string, text: string, process = 'api', source = 'app'): void {
    this.parts.listener.log({ app, time: Date.now() * 1000, source, process, text });
  }

  // Private

  private place(nameOrId: string): Place {
    const place =
      this.places.get(nameOrId) ??
      [...this.places.values()].find(({ state }) => state.app.name === nameOrId);
    if (!place) {
      throw new PlatformError(
        'not_found',
        `Couldn't find the app ${nameOrId}. \`paas apps\` lists those that run.`,
        {
          resource: 'app',
        },
      );
    }
    return place;
  }

  private async carryOut(place: Place, change: Change): Promise<void> {
    const next = advance(place.state, change, Date.now());
    const wishChanged = change.says.length > 0 || change.app !== undefined;
    if (wishChanged) await keep(next, change);
    place.state = next;
    this.parts.listener.appChanged(next);
    for (const text of change.says) this.say(next.app.id, `${text} by user ${this.actor}`);
    if (next.releases.at(-1)?.status === 'pending') await this.runReleasePhase(place);
    const manifest = this.manifestFor(place);
    if ((change.release || change.formation) && manifest) await this.parts.engine.apply(manifest);
  }

  /** Runs the `release` command; the dynos of a release that fails are never started. */
  private async runReleasePhase(place: Place): Promise<void> {
    const { app, releases, store } = place.state;
    const release = releases.at(-1);
    const command = release?.processTypes['release'];
    if (!release || command === undefined) return;
    this.say(app.id, `Running release v${release.version} commands by user ${this.actor}`);
    const manifest = manifestOf(app, release, { formation: {}, preboot: false });
    const run = await this.parts.engine.run({
      manifest,
      type: 'release',
      command,
      size: 'Standard-1X',
      timeToLive: RELEASE_LIMIT,
    });
    const exitStatus = await run.ended;
    place.state = afterReleasePhase(place.state, exitStatus === 0);
    await store.save(storedPart(place.state));
    this.parts.listener.appChanged(place.state);
    if (exitStatus === 0) return;
    this.say(
      app.id,
      `Release v${release.version} failed: its release command exited with status ${exitStatus}`,
    );
    throw new PlatformError(
      'failed',
      `The release command of v${release.version} exited with status ${exitStatus}. ` +
        `${runningRelease(place.state) ? 'The release before it stays live. ' : ''}Read why with \`paas logs -p release\`.`,
    );
  }

  private manifestFor({ state, ttyTypes }: Place): Manifest | undefined {
    const release = runningRelease(state);
    if (!release) return undefined;
    const { readinessPath } = state.source.appJson;
    return manifestOf(state.app, release, {
      formation: state.formation,
      preboot: state.app.features['preboot'] ?? true,
      ttyTypes,
      ...(readinessPath === undefined ? {} : { readinessPath }),
    });
  }
}

/** What a start changes. A release whose command failed, or was cut off by Ctrl-C, is made again. */
function firstChange(now: AppState, source: Source): Change {
  const newest = now.releases.at(-1);
  const again = newest && newest.status !== 'succeeded' ? newest.description : undefined;
  return (
    deployment(now, source) ??
    (again === undefined ? { says: [], formation: now.formation } : releaseOf(now, source, again))
  );
}

/** Saves an app; a change that cannot be saved has not happened. */
async function keep(next: AppState, { undo }: Change): Promise<void> {
  try {
    await next.store.save(storedPart(next));
  } catch (error) {
    undo?.();
    throw error;
  }
}
