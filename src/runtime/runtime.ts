/** Builds every part of the platform for one app, connects them, and starts and stops them in order. */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from './api/server.js';
import { LocalEngine } from './engine/local/local-engine.js';
import { PlatformError } from './errors.js';
import { Logplex } from './logplex/logplex.js';
import type { App, Dyno, LogMessage } from './model.js';
import { featureEnabled } from './platform/features.js';
import { dynoNames, idleHint } from './platform/formation.js';
import { Platform } from './platform/platform.js';
import { select } from './platform/selection.js';
import { worktreeHost } from './platform/source.js';
import type { AppState } from './platform/state.js';
import { listenFault } from './router-port.js';
import { dataFolder, runtimeFolder, STATE_FOLDER } from './settings.js';
import { FileStore } from './store/file-store.js';
import { AddonWiring } from './wiring/addons.js';
import { Brakes } from './wiring/brakes.js';
import { engineOptions } from './wiring/engine-options.js';
import type { LiveFiles } from './wiring/live-files.js';
import type { RuntimeOptions } from './wiring/options.js';
import { leavePlace, type Place, takePlace } from './wiring/place.js';
import { hostsOf, Routing } from './wiring/routing.js';
import { openApi } from './wiring/serving.js';

/** ms that the dynos have to themselves after their start: time for a shell's first line. */
const BREATH = 15;

/** ms that clients have to read the rest when every dyno has gone. */
const DRAIN = 500;

export class Runtime {
  private api: ApiServer | undefined;
  private files: LiveFiles | undefined;
  private closing: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  private readonly brakes = new Brakes(() => this.engine);
  /** Holds a flooding dyno back for the terminal. */
  readonly brake = this.brakes.make();
  readonly logplex = new Logplex({ brake: this.brakes.make() });
  readonly engine: LocalEngine;
  readonly platform: Platform;
  private readonly routing: Routing;
  private readonly addons: AddonWiring;

  private constructor(
    private readonly options: RuntimeOptions,
    private readonly place: Place,
  ) {
    const folder = runtimeFolder(options.environment);
    const log = (message: LogMessage) => this.logplex.publish(message);
    this.logplex.listen(options.log);
    this.routing = new Routing({
      wish: options.router,
      runtimeFolder: folder,
      dataFolder: dataFolder(options.environment),
      log,
    });
    this.addons = new AddonWiring({
      dataFolder: dataFolder(options.environment),
      environment: options.environment,
      log,
      source: place.source,
      wish: options.addons ?? { create: false, fork: false },
      platform: () => this.platform,
    });
    this.engine = new LocalEngine(
      { dynoChanged: (dyno) => this.dynoChanged(dyno), log },
      engineOptions(options, place.port, place.source.location.directory, {
        metrics: (app) => featureEnabled(this.platform.find(app), 'log-runtime-metrics'),
        drained: (dyno) => this.routing.drained(dyno),
      }),
    );
    this.platform = new Platform({
      engine: this.engine,
      listener: { appChanged: (state) => this.appChanged(state), log },
      actor: `${userInfo().username}@localhost`,
    });
  }

  /**
   * Starts the app of a folder: when it resolves, its dynos are starting, its router listens and its
   * control plane answers. When it throws, nothing is left running.
   * @throws PlatformError for what the user can mend
   */
  static async start(options: RuntimeOptions): Promise<Runtime> {
    const runtime = new Runtime(options, await takePlace(options));
    options.opened(runtime);
    await runtime.open();
    return runtime;
  }

  /** Where the router listens, by the app's name. */
  get url(): string {
    return this.webUrl(this.platform.list()[0]?.app.name ?? 'localhost');
  }

  /**
   * Stops everything and waits until nothing is left.
   * @param now aborted: no grace, kill at once
   */
  close(now?: AbortSignal): Promise<void> {
    this.closing ??= this.closeParts(now);
    return this.closing;
  }

  // Private

  /** Dynos first: everything else is loaded while they boot. A wish to stop is heeded in between. */
  private async open(): Promise<void> {
    const steps = [
      () => this.openApp(),
      // Loading the rest takes the processor that the dynos need to begin.
      () => new Promise((resolve) => setTimeout(resolve, BREATH)),
      () => this.listen(),
      () => this.tellWhere(),
      () => this.serveApi(),
      () => this.watchFiles(),
      () => this.place.registration.update({ routerPort: this.place.port, url: this.url }),
    ];
    try {
      for (const step of steps) {
        this.stopping.signal.throwIfAborted();
        await step();
      }
    } catch (error) {
      await this.close();
      await this.closeParts(); // what a step opened while all was being closed
      throw error;
    }
  }

  private async openApp(): Promise<void> {
    await this.platform.open({
      source: this.place.source,
      store: new FileStore(join(this.place.source.location.directory, STATE_FOLDER)),
      select: (formation) => select(formation, this.options.selection),
      ttyTypes: this.options.selection.tty ?? [],
      prepare: (app) => this.prepare(app),
    });
  }

  /** Servers that the dynos lean on, before these. What they say belongs to the app's log. */
  private prepare(app: App): Promise<App> {
    this.openLog(app);
    return this.addons.prepare(app);
  }

  private openLog(app: App): void {
    this.logplex.open(app, join(this.place.source.location.directory, STATE_FOLDER, 'logs'));
  }

  private async listen(): Promise<void> {
    try {
      await this.routing.listen(this.place.port);
    } catch (error) {
      throw listenFault(error, this.options.router.host, this.place.port);
    }
  }

  private tellWhere(): void {
    const { passedOver } = this.place;
    const instead = passedOver === undefined ? '' : ` (port ${passedOver} is taken)`;
    for (const { app, formation } of this.platform.list()) {
      this.platform.say(app.id, `Listening at ${this.url}${instead}`, 'router', 'heroku');
      if (dynoNames(formation).length === 0) this.platform.say(app.id, idleHint(formation));
    }
  }

  private async serveApi(): Promise<void> {
    this.api = await openApi({
      platform: this.platform,
      engine: this.engine,
      logplex: this.logplex,
      router: this.routing,
      addons: this.addons,
      webUrl: (name) => this.webUrl(name),
    });
    this.place.control.serve(this.api);
  }

  private async watchFiles(): Promise<void> {
    const { LiveFiles } = await import('./wiring/live-files.js');
    const [state] = this.platform.list();
    if (!state) return;
    const { location } = this.place.source;
    this.files = await LiveFiles.watch(this.platform, state.app.id, location, this.options.watch);
  }

  /** The router goes after the dynos: they finish what they have begun. The log hears it all. */
  private async closeParts(now?: AbortSignal): Promise<void> {
    this.stopping.abort(new PlatformError('unavailable', 'The platform is stopping.'));
    await this.files?.close();
    const grace = AbortSignal.timeout(this.options.grace);
    const patience = now ? AbortSignal.any([grace, now]) : grace;
    await Promise.all([this.engine.close(now), this.api?.hangUp(patience)]);
    await this.addons.close(now);
    await this.routing.close(DRAIN);
    await this.logplex.close();
    await this.api?.close(DRAIN);
    leavePlace(this.place);
  }

  private appChanged(state: AppState): void {
    const { app, source, formation } = state;
    this.options.formationChanged(Object.keys(formation), dynoNames(formation));
    this.openLog(app);
    this.logplex.setDrains(app.id, app.drains);
    this.logplex.setMask(app.id, source.config, this.options.mask);
    this.routing.appChanged(state);
    this.place.registration.update({ name: app.name, id: app.id, hosts: hostsOf(state) });
  }

  private dynoChanged(dyno: Dyno): void {
    this.routing.dynoChanged(dyno);
    this.options.dynoChanged(dyno);
  }

  private webUrl(name: string): string {
    const host = worktreeHost(this.place.source) ?? `${name}.localhost`;
    return `${this.options.router.scheme}://${host}:${this.place.port}/`;
  }
}
