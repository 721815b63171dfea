/**
 * What a kind of add-on is: the interface that each provider implements, ours and others'.
 * docs/addons.md describes it with an example.
 */
import type { Addon } from '../model.js';
import type { Environment } from '../settings.js';
import type { Progress } from './fetched/download.js';
import type { Server, ServerPlan } from './server/server.js';

/** One plan of a service. */
export interface Plan {
  /** `essential-0`. */
  readonly name: string;
  /** What it gives, in a few words: `20 connections`. */
  readonly description: string;
}

/** A service, as it is listed. */
export interface Service {
  /** Heroku's name: `heroku-postgresql`. */
  readonly name: string;
  /** Shorter names that mean the same: `postgres`. */
  readonly alsoCalled: readonly string[];
  /** `Heroku Postgres`. */
  readonly title: string;
  /** What the names of its add-ons begin with: `postgresql`. */
  readonly prefix: string;
  /** The first one is the default. */
  readonly plans: readonly Plan[];
  /** Name of its first attachment, and what stands before the colour of further ones. */
  readonly attachment: { readonly first: string; readonly further: string };
  /** `one`: a second one in the same app would have no use. */
  readonly perApp: 'one' | 'many';
  /** True where a new add-on can begin with the data of another one. */
  readonly forks?: true;
}

/** Sees to it that no server outlives the platform, whatever ends it. */
export interface ProcessGuard {
  /** Variables that every process which is to be guarded has in its environment. */
  readonly marks: Readonly<Record<string, string>>;
  /** Takes the process group of a new child under guard. */
  add(group: number): void;
  /** Lets a group go that is empty now. */
  remove(group: number): void;
}

/** Where one add-on lives, and whom it can tell. */
export interface Place {
  /** A folder of its own that only this user may enter; it is there. */
  readonly folder: string;
  /** Environment of the platform, in which programs are looked for. */
  readonly environment: Environment;
  readonly guard: ProcessGuard;
  /** Aborted when the platform stops: what takes long is broken off then. */
  readonly stopping: AbortSignal;
  /** Writes lines into the log of the app, as those of this add-on. */
  log(text: string): void;
  /** Keeps other settings of the add-on from now on. */
  keep(settings: Addon['settings']): Promise<void>;
  /** A server process of this add-on: it is started, looked after and stopped by its own methods. */
  server(plan: ServerPlan): Server;
  /** A port of this machine that is free: the one that is wanted, if it is. */
  port(wanted?: number): Promise<number>;
  /** Tells how far something is that takes its time, a download; undefined: it is over. */
  progress(now: Progress | undefined): void;
  /** Runs a command as a detached one-off dyno of the app. @returns its name: `scheduler.4821` */
  runOneOff(type: string, command: string): Promise<string>;
}

/** An add-on that another one is forked from; it may run, here or in another process, or not. */
export interface Origin {
  readonly addon: Addon;
  /** Its folder, which is only read. */
  readonly folder: string;
}

/** What was asked for beside the plan. */
export interface ProvisionOptions {
  /** Major version of the server. */
  readonly version?: string;
  /** An add-on of the same service whose data the new one begins with. */
  readonly fork?: Origin;
}

/** The same, as it is asked for: the folder of the other add-on is not the asker's concern. */
export type ProvisionWish = Omit<ProvisionOptions, 'fork'> & { readonly fork?: Addon };

/** What a provider makes of a new add-on. */
export type Provisioned = Pick<Addon, 'config' | 'settings' | 'message'>;

/** An add-on that was started. */
export interface RunningAddon {
  /** What it gives now: another port than last time, perhaps. */
  readonly config: Addon['config'];
  /** Address of a page about it, for `addons:open`. */
  readonly page?: string;
  /** `up`, or why it is not, in a sentence for the user. */
  status(): 'up' | { readonly failure: string };
  /**
   * What it can do on request; which there are, its provider says.
   * @param input as it came from outside
   * @returns what can be sent as JSON
   * @throws PlatformError not_found for an action that it does not know
   */
  act(action: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Stops it; resolves when nothing of it runs any more. @param now aborted: at once, without grace */
  stop(now?: AbortSignal): Promise<void>;
}

/** A kind of add-on. */
export interface AddonProvider {
  readonly service: Service;
  /**
   * Makes what a new add-on keeps: a database, a password. It is not started yet.
   * @throws PlatformError when it cannot be had on this machine, with what to install
   */
  provision(plan: string, place: Place, options: ProvisionOptions): Promise<Provisioned>;
  /**
   * Starts an add-on, and resolves when it answers.
   * @throws PlatformError when it does not, with why and what to do
   */
  start(addon: Addon, place: Place): Promise<RunningAddon>;
}

/** The add-ons of the apps of this process, as the platform and the API use them. */
export interface AddonServices {
  /** Every service that can be had. */
  services(): Promise<readonly Service[]>;
  /** Makes a new add-on and starts it. @returns the add-on with what it gives */
  provision(app: string, addon: Addon, wanted: ProvisionWish): Promise<Addon>;
  /** Starts the add-ons that an app has. @returns them with what they give now */
  start(app: string, addons: readonly Addon[]): Promise<readonly Addon[]>;
  /** Stops an add-on and deletes what it kept. */
  remove(addon: Addon): Promise<void>;
  /** @see RunningAddon.status */
  status(addon: Addon): 'up' | { readonly failure: string };
  /** @see RunningAddon.page */
  page(addon: Addon): string | undefined;
  /** How far the longest step of what is being made is. */
  progress(): Progress | undefined;
  /** @see RunningAddon.act. @throws PlatformError unavailable while the add-on is not up */
  act(addon: Addon, action: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Stops all of them. */
  close(now?: AbortSignal): Promise<void>;
}
