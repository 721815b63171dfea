/**
 * The seam between the platform and whatever runs its dynos. Above it nothing knows whether a dyno
 * is a child process or a task on a cluster.
 */
import type { ConfigVars, Dyno, LogMessage, Slug } from '../model.js';

/** The wish for one process type. */
export interface ProcessWish {
  readonly type: string;
  readonly command: string;
  readonly quantity: number;
  readonly size: string;
  /** Place in the Procfile, counted from 0 with types that do not run: it decides the ports. */
  readonly index: number;
  /** Run it on a terminal of its own (a pty), its output still in the log. */
  readonly tty?: boolean;
  /** Path that must answer 2xx or 3xx before a web dyno is up, in place of the bound port. */
  readonly readinessPath?: string;
}

/** The whole wish for one app's newest release. The same manifest may be applied any number of times. */
export interface Manifest {
  readonly app: { readonly id: string; readonly name: string };
  readonly release: { readonly version: number; readonly createdAt: number };
  readonly slug: Slug;
  /** Config vars, on top of the environment that the platform itself was started with. */
  readonly config: ConfigVars;
  /** In the order of the Procfile. A type that is missing here has no dynos. */
  readonly processes: readonly ProcessWish[];
  /**
   * Start the new dynos of a changed type and wait until they are up before the old ones get
   * SIGTERM. For web only, as on Heroku.
   */
  readonly preboot: boolean;
}

/** Which dynos: all of an app, those of one type, or one by its name. */
export interface Selector {
  readonly type?: string;
  readonly name?: string;
}

/** A command that runs once in the environment of an app: `run`, `release`, `scheduler`. */
export interface OneOff {
  readonly manifest: Manifest;
  /** First part of the dyno's name: `run`, `release`, `scheduler`. */
  readonly type: string;
  readonly command: string;
  readonly size: string;
  /** Set for this run only, on top of the config vars. */
  readonly env?: Readonly<Record<string, string>>;
  /** Run it on a terminal of this size, for whoever attaches to it; without it on pipes. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** Stop it after so many ms (SIGTERM, the grace, SIGKILL). */
  readonly timeToLive?: number;
}

/** A one-off dyno that was started. */
export interface OneOffRun {
  readonly dyno: Dyno;
  /** Resolves with the exit status (128 + signal) once its process group is empty. Never rejects. */
  readonly ended: Promise<number>;
}

/** A one-off dyno whose process the caller starts, so that it has the caller's own terminal. */
export interface Guest extends OneOff {
  readonly id: string;
  readonly name: string;
}

/** What the caller of a guest has to start. */
export interface GuestStart {
  /** Program and arguments. */
  readonly program: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `killed`: they did not end by themselves. */
export type Farewell = 'gone' | 'killed';

/** Who has guests; only an engine on the machine of the caller can. */
export interface GuestHost {
  /**
   * Prepares one: markers, limits, a copy of the app where dynos are isolated.
   * @param say is told what it does not get
   * @throws PlatformError unavailable
   */
  welcome(guest: Guest, say: (line: string) => void): Promise<GuestStart>;
  /**
   * Ends whatever is left of one: the signals, the grace, SIGKILL. Resolves when nothing is.
   * @param overdue is called when the grace is over
   */
  farewell(id: string, signals: readonly NodeJS.Signals[], overdue: () => void): Promise<Farewell>;
}

/**
 * What an engine tells: facts only, never questions. It never awaits and never expects an answer;
 * the receiver must not throw.
 */
export interface EngineListener {
  /** Each change of a dyno's status or address. The last one of a dyno is `down` or `crashed`. */
  dynoChanged(dyno: Dyno): void;
  /** Output of a dyno (`app[web.1]`), or the platform's line about it (`heroku[web.1]`). */
  log(message: LogMessage): void;
}

/** Runs dynos. Six verbs and `restart`, which is a wish that a manifest cannot say. */
export interface Engine {
  /**
   * Makes what runs look like the manifest: first start, scaling, deploy, rollback and repair are
   * all this call. Dynos of a type whose command, config, slug or size changed are replaced.
   * Resolves when every needed start and stop has been begun, not when they are up; with `preboot`
   * the swap goes on by itself.
   */
  apply(manifest: Manifest): Promise<void>;
  /** Starts a one-off dyno. @throws PlatformError when it cannot be started. */
  run(oneOff: OneOff): Promise<OneOffRun>;
  /**
   * Replaces the selected dynos (a new dyno in each slot) by dynos of this manifest, crashed ones at
   * once. Resolves when begun. @throws PlatformError not_found
   */
  restart(manifest: Manifest, selector: Selector): Promise<void>;
  /** Stops dynos: SIGTERM, the grace, SIGKILL. A formation dyno stays stopped until restarted or scaled. Resolves when they are gone. @throws PlatformError not_found */
  stop(app: string, selector: Selector): Promise<void>;
  /** What runs now (and what crashed and waits for its next try), of one app or of all. */
  dynos(app?: string): readonly Dyno[];
  /** Stops all of an app and forgets it. */
  remove(app: string): Promise<void>;
  /**
   * Stops everything: TERM to every group, the grace, KILL, then waits until each group is empty.
   * @param now an aborted signal means: no grace, kill at once (a second Ctrl-C)
   */
  close(now?: AbortSignal): Promise<void>;
}
