/** The engine that runs dynos as child processes of this machine. */
import { PlatformError } from '../../errors.js';
import type { Dyno } from '../../model.js';
import type { Engine, EngineListener, Manifest, OneOff, OneOffRun, Selector } from '../engine.js';
import { Supervisor } from './app-group/supervisor.js';
import { Census } from './census.js';
import { Guard } from './guard.js';
import { Guests } from './guests.js';
import { LazyIsolation } from './isolation/lazy-isolation.js';
import { ControlGroups } from './limits/control-groups.js';
import { type LocalEngineOptions, settingsFrom } from './options.js';
import type { EngineParts } from './parts.js';
import { PipeStock } from './pipe-stock.js';
import { Ports } from './ports.js';
import { Readiness } from './readiness.js';
import type { Attachment } from './terminal.js';
import type { Usage } from './usage/quota.js';
import { Sampler } from './usage/sampler.js';
import { Valve } from './valve.js';

export class LocalEngine implements Engine {
  /** One-off dynos on the terminals of their callers. */
  readonly guests: Guests;
  readonly #parts: EngineParts;
  readonly #apps = new Map<string, Supervisor>();
  #state: 'open' | 'closed' = 'open';

  /** @param listener is told every change of a dyno and every line */
  constructor(listener: EngineListener, options: LocalEngineOptions) {
    const settings = settingsFrom(options);
    const { isolation, isolationFolder, hiddenFolders } = settings;
    const cells = `${isolationFolder}/${process.pid}-${settings.runId.slice(0, 8)}`;
    // Before the guard, which is not to be left in a control group that is divided.
    const limits = settings.quotas === 'enforce' ? ControlGroups.open(settings.runId) : undefined;
    this.#parts = {
      settings,
      listener,
      guard: new Guard(settings.runId, {
        folder: isolation === 'none' ? '' : cells,
        controlGroups: limits?.prefix ?? '',
      }),
      limits,
      census: new Census(),
      pipes: new PipeStock(settings.pipeFolder),
      ports: new Ports(settings.reservedPorts),
      readiness: new Readiness(),
      valve: new Valve(),
      sampler: new Sampler(settings.quotas, settings.metrics, settings.sampleInterval),
      isolation:
        isolation === 'none' ? undefined : new LazyIsolation(isolation, cells, hiddenFolders),
    };
    this.guests = new Guests(this.#parts);
  }

  /** @see Engine.apply. @throws PlatformError invalid_params for a slug that is no folder */
  async apply(manifest: Manifest): Promise<void> {
    await this.#supervisor(manifest).apply(manifest);
  }

  async run(oneOff: OneOff): Promise<OneOffRun> {
    return this.#supervisor(oneOff.manifest).run(oneOff);
  }

  async restart(manifest: Manifest, selector: Selector): Promise<void> {
    await this.#known(manifest.app.id).restart(manifest, selector);
  }

  async stop(app: string, selector: Selector): Promise<void> {
    await this.#known(app).stop(selector);
  }

  dynos(app?: string): readonly Dyno[] {
    if (app !== undefined) return this.#apps.get(app)?.dynos() ?? [];
    return [...this.#apps.values()].flatMap((supervisor) => supervisor.dynos());
  }

  async remove(app: string): Promise<void> {
    const supervisor = this.#apps.get(app);
    await supervisor?.close();
    if (this.#apps.get(app) === supervisor) this.#apps.delete(app);
  }

  async close(now?: AbortSignal): Promise<void> {
    this.#state = 'closed';
    const apps = [...this.#apps.values()].map((supervisor) => supervisor.close(now));
    await Promise.all([...apps, this.guests.close(now)]);
    await this.#parts.isolation?.close();
    this.#parts.guard.dismiss();
    this.#parts.limits?.close();
  }

  /**
   * Reads no more output until `resumeOutput`: who floods waits in its writes.
   * @param process of the dyno of this name only (`web.1`), so that the others are not delayed
   */
  pauseOutput(process?: string): void {
    this.#parts.valve.shut(process);
  }

  /** Reads the output of this one again, or of all of them. */
  resumeOutput(process?: string): void {
    this.#parts.valve.open(process);
  }

  /**
   * Looks at the terminal of a dyno and types into it; destroy the stream to detach.
   * @throws PlatformError not_found, or invalid_params for a dyno without a terminal
   */
  attach(app: string, name: string): Attachment {
    return this.#known(app).attach(name);
  }

  /**
   * What a dyno used at the last look.
   * @param dyno its id
   * @returns bytes of memory, share of one core, tasks; undefined before the first look
   */
  usage(dyno: string): Usage | undefined {
    return this.#parts.sampler.usage(dyno);
  }

  // Private

  #supervisor(manifest: Manifest): Supervisor {
    if (this.#state === 'closed') {
      throw new PlatformError('unavailable', 'The platform is stopping. Start it again.');
    }
    const found = this.#apps.get(manifest.app.id) ?? new Supervisor(this.#parts);
    this.#apps.set(manifest.app.id, found);
    return found;
  }

  #known(app: string): Supervisor {
    const found = this.#apps.get(app);
    if (found) return found;
    throw new PlatformError('not_found', `Couldn't find that app (${app}).`, { resource: 'app' });
  }
}
