/** The add-ons that run in this process: made, started before the dynos, stopped after them. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../errors.js';
import type { Addon } from '../model.js';
import type { Environment } from '../settings.js';
import type { Progress } from './fetched/download.js';
import { otherOwner, own } from './owner.js';
import type {
  AddonProvider,
  AddonServices,
  Place,
  ProcessGuard,
  ProvisionWish,
  RunningAddon,
  Service,
} from './provider.js';
import { freePort, portOr } from './server/ports.js';
import { Server } from './server/server.js';

/** What the runtime hands down. */
export interface AddonHost {
  /** The user's data folder: add-ons outlive the app's folder. */
  readonly dataFolder: string;
  /** The app's folder. */
  readonly directory: string;
  readonly environment: Environment;
  readonly guard: ProcessGuard;
  /** Writes a line into the log of an app. @param process `postgres.1` */
  log(app: string, process: string, text: string): void;
  keep(app: string, addon: string, settings: Addon['settings']): Promise<void>;
  runOneOff(app: string, type: string, command: string): Promise<string>;
}

/** An add-on that should run: it does, or there is a sentence why not. */
type Held =
  | { readonly process: string; readonly running: RunningAddon }
  | { readonly process: string; readonly failure: PlatformError };

export class Addons implements AddonServices {
  private readonly held = new Map<string, Held>();
  /** How far downloads are, by add-on. */
  private readonly steps = new Map<string, Progress>();
  /** What goes on beside: a database that is made, a copy. */
  private readonly pending = new Set<Promise<unknown>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly host: AddonHost,
    private readonly providers: { all(): Promise<readonly AddonProvider[]> },
  ) {}

  async services(): Promise<readonly Service[]> {
    return (await this.providers.all()).map(({ service }) => service);
  }

  provision(app: string, blank: Addon, wanted: ProvisionWish): Promise<Addon> {
    return this.awaited(this.make(app, blank, wanted));
  }

  /** All at once. One that does not start is told of, and is no reason not to start the app. */
  async start(app: string, addons: readonly Addon[]): Promise<readonly Addon[]> {
    const providers = await this.providers.all();
    const names = addons.map((addon) => {
      const provider = providers.find(({ service }) => service.name === addon.service);
      const process = provider ? this.processName(provider) : addon.service;
      const failure = new PlatformError('unavailable', `${addon.name} is still starting.`);
      this.held.set(addon.id, { process, failure });
      return process;
    });
    return Promise.all(addons.map((addon, index) => this.startOne(app, addon, names[index]!)));
  }

  async remove(addon: Addon): Promise<void> {
    const held = this.held.get(addon.id);
    this.held.delete(addon.id);
    if (held && 'running' in held) await held.running.stop();
    if (otherOwner(addon, this.folderOf(addon), this.host.directory) !== undefined) return;
    await rm(this.folderOf(addon), { recursive: true, force: true, maxRetries: 5 });
  }

  status(addon: Addon): 'up' | { readonly failure: string } {
    const held = this.held.get(addon.id);
    if (!held) return { failure: `${addon.name} was not started.` };
    return 'running' in held ? held.running.status() : { failure: held.failure.message };
  }

  page(addon: Addon): string | undefined {
    const held = this.held.get(addon.id);
    return held && 'running' in held ? held.running.page : undefined;
  }

  progress(): Progress | undefined {
    return this.steps.values().next().value;
  }

  async act(addon: Addon, action: string, input: Readonly<Record<string, unknown>>) {
    const held = this.held.get(addon.id);
    if (held && 'running' in held) return this.awaited(held.running.act(action, input));
    throw held?.failure ?? new PlatformError('unavailable', `${addon.name} was not started.`);
  }

  /** What goes on is broken off, and may tidy up: a server that it starts would stay for good. */
  async close(now?: AbortSignal): Promise<void> {
    this.stopping.abort(new PlatformError('unavailable', 'The platform is stopping.'));
    await this.stopAll(now);
    if (this.pending.size === 0) return;
    const hurried = new Promise<void>((resolve) => {
      if (now?.aborted) resolve();
      now?.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([Promise.allSettled(this.pending), hurried]);
    await this.stopAll(now);
  }

  // Private

  private async make(app: string, blank: Addon, { fork, ...rest }: ProvisionWish): Promise<Addon> {
    const provider = await this.provider(blank);
    const name = this.processName(provider);
    const folder = this.folderOf(blank);
    await this.makeFolder(folder);
    try {
      own(blank, folder, this.host.directory);
      const place = this.place(app, blank, name);
      place.stopping.throwIfAborted();
      const origin = fork && { addon: fork, folder: this.folderOf(fork) };
      const options = { ...rest, ...(origin ? { fork: origin } : {}) };
      const made = await provider.provision(blank.plan, place, options);
      const addon = { ...blank, ...made };
      place.stopping.throwIfAborted();
      const running = await provider.start(addon, place);
      if (place.stopping.aborted) await running.stop();
      place.stopping.throwIfAborted();
      this.held.set(addon.id, { process: name, running });
      return { ...addon, config: running.config };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw asFailure(error);
    }
  }

  private async stopAll(now?: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.held.values()].map(async (held) => {
        if ('running' in held) await held.running.stop(now);
      }),
    );
  }

  private awaited<T>(work: Promise<T>): Promise<T> {
    this.pending.add(work);
    const over = () => this.pending.delete(work);
    work.then(over, over);
    return work;
  }

  private async startOne(app: string, addon: Addon, process: string): Promise<Addon> {
    try {
      const provider = await this.provider(addon);
      const place = this.place(app, addon, process);
      await this.makeFolder(place.folder);
      own(addon, place.folder, this.host.directory);
      const running = await provider.start(addon, place);
      this.held.set(addon.id, { process, running });
      return { ...addon, config: running.config };
    } catch (error) {
      const failure = asFailure(error);
      this.held.set(addon.id, { process, failure });
      this.host.log(app, process, `${addon.name} does not run. ${failure.message}`);
      return addon;
    }
  }

  private async provider({ service }: Addon): Promise<AddonProvider> {
    const all = await this.providers.all();
    const found = all.find((provider) => provider.service.name === service);
    if (found) return found;
    throw new PlatformError(
      'unavailable',
      `This version of paas has no ${service}. \`paas addons:services\` lists what there is.`,
    );
  }

  /** `postgres.1`, as the log shows it: the lowest number that is free. */
  private processName({ service }: AddonProvider): string {
    const type = service.alsoCalled[0] ?? service.name;
    const taken = new Set([...this.held.values()].map(({ process }) => process));
    for (let number = 1; ; number += 1) {
      if (!taken.has(`${type}.${number}`)) return `${type}.${number}`;
    }
  }

  private place(app: string, addon: Addon, process: string): Place {
    const own = {
      folder: this.folderOf(addon),
      environment: this.host.environment,
      guard: this.host.guard,
      stopping: this.stopping.signal,
      log: (text: string) => this.host.log(app, process, text),
    };
    return {
      ...own,
      server: (plan) => new Server(plan, own),
      port: (wanted) => (wanted === undefined ? freePort() : portOr(wanted)),
      progress: (now) => {
        if (now) this.steps.set(addon.id, now);
        else this.steps.delete(addon.id);
      },
      keep: (settings) => this.host.keep(app, addon.id, settings),
      runOneOff: (type, command) => this.host.runOneOff(app, type, command),
    };
  }

  /** Root's servers may have to run as another user, who must be able to pass. */
  private async makeFolder(folder: string): Promise<void> {
    const above = process.getuid?.() === 0 ? 0o711 : 0o700;
    await mkdir(join(this.host.dataFolder, 'addons'), { recursive: true, mode: above });
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  private folderOf({ id }: Addon): string {
    return join(this.host.dataFolder, 'addons', id);
  }
}

/** A full disk, a folder that can't be read, a provider with a fault: no reason to end the platform. */
function asFailure(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  const { message } = error as Error;
  const full = /ENOSPC|EDQUOT/.test(message) ? 'The disk is full: make room and try again. ' : '';
  return new PlatformError('unavailable', `${full}${message}`);
}
