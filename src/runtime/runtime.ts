/** Builds every part of the platform for one app, connects them, and starts and stops them in order. */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ControlPlane } from './api/control-plane.js';
import type { ApiServer } from './api/server.js';
import { LocalEngine } from './engine/local/local-engine.js';
import { isSystemError, PlatformError } from './errors.js';
import { Logplex } from './logplex/logplex.js';
import type { App, Dyno, Formation, LogMessage } from './model.js';
import { featureEnabled } from './platform/features.js';
import { Platform } from './platform/platform.js';
import { select } from './platform/selection.js';
import { readSource, type Source, worktreeHost } from './platform/source.js';
import type { AppState } from './platform/state.js';
import { Registration } from './registry.js';
import { freeRouterPort, wantedPort } from './router-port.js';
import {
  dataFolder,
  ensurePrivateFolder,
  folderKey,
  runtimeFolder,
  STATE_FOLDER,
  socketPath,
} from './settings.js';
import { FileStore } from './store/file-store.js';
import { AddonWiring } from './wiring/addons.js';
import type { LiveFiles } from './wiring/live-files.js';
import { existingFolder, newRecord, type RuntimeOptions } from './wiring/options.js';
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

  readonly logplex = new Logplex();
  readonly engine: LocalEngine;
  readonly platform: Platform;
  private readonly routing: Routing;
  private readonly addons: AddonWiring;

  private constructor(
    private readonly options: RuntimeOptions,
    private readonly source: Source,
    private readonly registration: Registration,
    private readonly control: ControlPlane,
    readonly port: number,
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
      platform: () => this.platform,
    });
    this.engine = new LocalEngine(
      { dynoChanged: (dyno) => this.dynoChanged(dyno), log },
      {
        environment: options.environment,
        basePort: port,
        reservedPorts: [port],
        grace: options.grace,
        color: options.color,
        restartPolicy: options.timing,
        cycling: options.timing === 'heroku',
        metrics: (app) => featureEnabled(this.platform.find(app), 'log-runtime-metrics'),
        drained: (dyno) => this.routing.drained(dyno),
      },
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
    const directory = existingFolder(options.location.directory);
    const source = readSource({ ...options.location, directory });
    const folder = runtimeFolder(options.environment);
    ensurePrivateFolder(folder);
    const control = await ControlPlane.listen(
      socketPath(folder, folderKey(directory), process.pid),
    );
    let registration: Registration | undefined;
    try {
      const wanted = wantedPort(options.port, source.config, options.environment);
      registration = await Registration.claim(folder, newRecord(source, control.path));
      const port = await freeRouterPort(wanted);
      const runtime = new Runtime(options, source, registration, control, port);
      await runtime.open(port !== wanted.port && wanted.port !== 0 ? wanted.port : undefined);
      return runtime;
    } catch (error) {
      control.close();
      registration?.release();
      throw error;
    }
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

  /** Dynos first: everything else is loaded while they boot. */
  private async open(passedOver: number | undefined): Promise<void> {
    try {
      const { app } = await this.platform.open({
        source: this.source,
        store: new FileStore(join(this.source.location.directory, STATE_FOLDER)),
        select: (formation) => select(formation, this.options.selection),
        ttyTypes: this.options.selection.tty ?? [],
        prepare: (app) => this.prepare(app),
      });
      // Loading the rest takes the processor that the dynos need to begin.
      await new Promise((resolve) => setTimeout(resolve, BREATH));
      await this.listen();
      this.tellWhere(app.id, passedOver);
      await this.serveApi();
      await this.watchFiles(app.id);
      this.registration.update({ routerPort: this.port, url: this.url });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Servers that the dynos lean on, before these. What they say belongs to the app's log. */
  private prepare(app: App): Promise<App> {
    this.openLog(app);
    return this.addons.prepare(app);
  }

  private openLog(app: App): void {
    this.logplex.open(app, join(this.source.location.directory, STATE_FOLDER, 'logs'));
  }

  private async listen(): Promise<void> {
    try {
      await this.routing.listen(this.port);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
        ? new PlatformError(
            'invalid_params',
            `${this.options.router.host} is no address of this machine. Give another --host.`,
          )
        : new PlatformError(
            'conflict',
            `Can't listen on port ${this.port} (${error.code}). Choose another with -p.`,
          );
    }
  }

  private tellWhere(app: string, passedOver: number | undefined): void {
    const instead = passedOver === undefined ? '' : ` (port ${passedOver} is taken)`;
    this.platform.say(app, `Listening at ${this.url}${instead}`, 'router', 'heroku');
  }

  private async serveApi(): Promise<void> {
    this.api = await openApi({
      platform: this.platform,
      engine: this.engine,
      logplex: this.logplex,
      router: this.routing,
      addons: this.addons,
      environment: this.options.environment,
      stopping: this.stopping.signal,
      webUrl: (name) => this.webUrl(name),
    });
    this.control.serve(this.api);
  }

  private async watchFiles(app: string): Promise<void> {
    const { LiveFiles } = await import('./wiring/live-files.js');
    const { location } = this.source;
    this.files = await LiveFiles.watch(this.platform, app, location, this.options.watch);
  }

  /** The router goes after the dynos: they finish what they have begun. The log hears it all. */
  private async closeParts(now?: AbortSignal): Promise<void> {
    this.stopping.abort();
    await this.files?.close();
    await this.engine.close(now);
    await this.addons.close(now);
    await this.routing.close(DRAIN);
    await this.logplex.close();
    await this.api?.close(DRAIN);
    this.control.close();
    this.registration.release();
  }

  private appChanged(state: AppState): void {
    const { app, source, formation } = state;
    this.options.formationChanged(Object.keys(formation), dynoNames(formation));
    this.openLog(app);
    this.logplex.setDrains(app.id, app.drains);
    this.logplex.setMask(app.id, source.config, this.options.mask);
    this.routing.appChanged(state);
    this.registration.update({ name: app.name, id: app.id, hosts: hostsOf(state) });
  }

  private dynoChanged(dyno: Dyno): void {
    this.routing.dynoChanged(dyno);
    this.options.dynoChanged(dyno);
  }

  private webUrl(name: string): string {
    const host = worktreeHost(this.source) ?? `${name}.localhost`;
    return `${this.options.router.scheme}://${host}:${this.port}/`;
  }
}

function dynoNames(formation: Formation): string[] {
  return Object.entries(formation).flatMap(([type, { quantity }]) =>
    Array.from({ length: quantity }, (_, index) => `${type}.${index + 1}`),
  );
}
