/**
 * The add-ons as the runtime uses them: loaded only for an app that has some, under a guard of
 * their own, since they outlive the engine by the moment in which the last dyno says goodbye.
 */
import type { AddonHost, Addons } from '../addons/addons.js';
import type { Progress } from '../addons/fetched/download.js';
import type { AddonServices, ProvisionWish, Service } from '../addons/provider.js';
import { RUN_MARKER } from '../engine/local/environment.js';
import { Guard } from '../engine/local/guard.js';
import { newId } from '../identity.js';
import type { Addon, App, LogMessage } from '../model.js';
import { keepSettings } from '../platform/addons.js';
import { DEFAULT_SIZE } from '../platform/formation.js';
import type { Platform } from '../platform/platform.js';
import { readSource, type Source } from '../platform/source.js';
import type { Environment } from '../settings.js';
import { type AddonWish, makeFirstAddons } from './first-addons.js';

/** What the add-ons are told when they are made. */
export interface AddonWiringOptions {
  readonly dataFolder: string;
  readonly environment: Environment;
  readonly log: (message: LogMessage) => void;
  /** The app's folder as it was when it started, which may bring providers along. */
  readonly source: Source;
  /** What the start was asked to do about add-ons. */
  readonly wish: AddonWish;
  /** Asked for when an add-on wants something of the app. */
  readonly platform: () => Platform;
}

export class AddonWiring implements AddonServices {
  private readonly runId = newId();
  private readonly guard = new Guard(this.runId);
  private addons: Addons | undefined;
  /** Id of the app. */
  private app = '';

  constructor(private readonly options: AddonWiringOptions) {}

  /** Starts the add-ons of an app, before its dynos. @returns the app with what they give now */
  async prepare(app: App): Promise<App> {
    this.app = app.id;
    const { source, wish } = this.options;
    const had = app.addons?.length ? { ...app, addons: await this.start(app.id, app.addons) } : app;
    return makeFirstAddons(had, source, wish, this, (text) => this.tell(text));
  }

  async services(): Promise<readonly Service[]> {
    return (await this.load()).services();
  }

  async provision(app: string, addon: Addon, wanted: ProvisionWish): Promise<Addon> {
    return (await this.load()).provision(app, addon, wanted);
  }

  async start(app: string, addons: readonly Addon[]): Promise<readonly Addon[]> {
    return (await this.load()).start(app, addons);
  }

  async remove(addon: Addon): Promise<void> {
    await (await this.load()).remove(addon);
  }

  status(addon: Addon): 'up' | { readonly failure: string } {
    return this.addons?.status(addon) ?? { failure: `${addon.name} was not started.` };
  }

  page(addon: Addon): string | undefined {
    return this.addons?.page(addon);
  }

  progress(): Progress | undefined {
    return this.addons?.progress();
  }

  async act(addon: Addon, action: string, input: Readonly<Record<string, unknown>>) {
    return (await this.load()).act(addon, action, input);
  }

  async close(now?: AbortSignal): Promise<void> {
    await this.addons?.close(now);
    this.guard.dismiss();
  }

  // Private

  private async load(): Promise<Addons> {
    if (this.addons) return this.addons;
    const [{ Addons }, { Providers }] = await Promise.all([
      import('../addons/addons.js'),
      import('../addons/providers.js'),
    ]);
    if (this.addons) return this.addons;
    this.guard.watch();
    const providers = new Providers(
      () => this.named(),
      (text) => this.tell(text),
    );
    this.addons = new Addons(this.host(), providers);
    return this.addons;
  }

  private host(): AddonHost {
    const { dataFolder, environment, log, platform, source } = this.options;
    return {
      dataFolder,
      directory: source.location.directory,
      environment,
      guard: {
        marks: { [RUN_MARKER]: this.runId },
        add: (group) => this.guard.add(group),
        remove: (group) => this.guard.remove(group),
      },
      log: (app, process, text) =>
        log({ app, time: Date.now() * 1000, source: 'app', process, text }),
      keep: (app, addon, settings) => keepSettings(platform(), app, addon, settings),
      runOneOff: (app, type, command) => runOneOff(platform(), app, type, command),
    };
  }

  /** As app.json says now: a provider can be added while the app runs. */
  private named() {
    const { appJson, location } = readSource(this.options.source.location);
    return { directory: location.directory, names: appJson.addonProviders };
  }

  private tell(text: string): void {
    this.options.log({
      app: this.app,
      time: Date.now() * 1000,
      source: 'app',
      process: 'addons',
      text,
    });
  }
}

async function runOneOff(
  platform: Platform,
  app: string,
  type: string,
  command: string,
): Promise<string> {
  const manifest = platform.manifest(app);
  const run = await platform.engine.run({ manifest, type, command, size: DEFAULT_SIZE });
  const user = `${type}@addons.heroku.com`;
  platform.say(app, `Starting process with command \`${command}\` by user ${user}`);
  return run.dyno.name;
}
