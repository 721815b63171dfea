/** A place for a dyno: `web.1`. Runs come and go in it; after a crash the next one starts here. */
import { newId } from '../../../identity.js';
import type { Dyno } from '../../../model.js';
import type { CrashMemory } from '../crash-echo.js';
import { DynoRun } from '../dyno-run.js';
import type { EngineParts } from '../parts.js';
import { pause } from '../patience.js';
import type { StopReason } from '../phase.js';
import { type DynoPlan, signature, type TypePlan } from '../plan.js';
import { nominalPort } from '../ports.js';
import { countCrash, cycleAge, restartDelay } from '../restart-policy.js';
import type { RunOwner } from '../run-owner.js';
import type { Terminal } from '../terminal.js';

export class Slot implements RunOwner {
  readonly number: number;
  readonly memory: CrashMemory = { fingerprint: undefined };
  readonly #parts: EngineParts;
  /** The current run, one that is being prepared, and those that are leaving. */
  readonly #runs = new Set<DynoRun>();
  #plan: TypePlan;
  #current: DynoRun | undefined;
  #state: 'running' | 'held' | 'closed' = 'running';
  /** What is being prepared to take over. */
  #successor: { readonly plan: TypePlan; run?: DynoRun } | undefined;
  #crashes = 0;
  /** ms since the process started, which no change of the clock moves; undefined while not up. */
  #upSince: number | undefined;
  /** Ends what waits to start a run; renewed with each start. */
  #pending = new AbortController();

  constructor(parts: EngineParts, plan: TypePlan, number: number) {
    this.#parts = parts;
    this.#plan = plan;
    this.number = number;
  }

  get name(): string {
    return `${this.#plan.type}.${this.number}`;
  }

  get type(): string {
    return this.#plan.type;
  }

  /** Of what it runs, or is about to run. */
  get signature(): string {
    return signature(this.#successor?.plan ?? this.#plan);
  }

  get state(): 'running' | 'held' {
    return this.#state === 'held' ? 'held' : 'running';
  }

  get isUp(): boolean {
    return this.#current?.dyno.status.state === 'up';
  }

  /** All that runs here, and what crashed and waits for its next try. */
  dynos(): Dyno[] {
    return [...this.#runs]
      .filter((run) => run === this.#current || run.dyno.status.state !== 'crashed')
      .map((run) => run.dyno)
      .filter((dyno) => dyno.status.state !== 'down');
  }

  /** Of the current dyno, when it runs on one. */
  get terminal(): Terminal | undefined {
    return this.#current?.terminal;
  }

  /** Starts the first dyno here. Resolves when it was spawned. */
  start(): Promise<void> {
    return this.#start(undefined);
  }

  /** The newer release wants the same: what runs, or is about to, goes on. */
  adopt(plan: TypePlan): void {
    if (this.#successor) return;
    this.#plan = plan;
    this.#current?.adopt(plan.release);
  }

  /** Stops what runs and starts its successor at the same moment, as Heroku does. */
  async replace(plan: TypePlan, why: 'restart' | 'cycle' = 'restart'): Promise<void> {
    // Closed in the middle of the wish that asks for it: nothing would ever stop what starts now.
    if (this.#state === 'closed') return;
    this.#plan = plan;
    const previous = this.#state === 'held' ? 'down' : undefined;
    this.#state = 'running';
    this.#crashes = 0;
    this.#successor = undefined;
    this.#pending.abort();
    if (this.#current) void this.#current.stop(why);
    await this.#start(previous);
  }

  /**
   * Starts a successor while the current dyno goes on.
   * @returns the run to `promote` or `abandon`; undefined when the signal or a stop came first
   */
  async prepare(plan: TypePlan, signal: AbortSignal): Promise<DynoRun | undefined> {
    if (this.#state === 'closed') return undefined;
    const successor: { plan: TypePlan; run?: DynoRun } = { plan };
    this.#successor = successor;
    this.#state = 'running';
    const wanted = () => !signal.aborted && this.#successor === successor;
    const run = await this.#make(plan, wanted, 0);
    if (!run) return undefined;
    successor.run = run;
    void run.start(undefined);
    return run;
  }

  /** True while this run is the one that is to take over. */
  isPreparing(run: DynoRun): boolean {
    return this.#successor?.run === run;
  }

  /** Makes the prepared run the current one, and lets the old one go. */
  promote(run: DynoRun): void {
    const old = this.#current;
    this.#plan = this.#successor?.plan ?? this.#plan;
    this.#successor = undefined;
    this.#pending.abort();
    this.#crashes = 0;
    this.#become(run);
    void old?.stop('replaced');
  }

  /** The prepared run will not take over. */
  abandon(run: DynoRun): Promise<void> {
    if (this.isPreparing(run)) this.#successor = undefined;
    return run.stop('replaced');
  }

  /** Stops by hand: the slot stays empty until it is restarted. Resolves when nothing is left. */
  async hold(): Promise<void> {
    this.#state = 'held';
    await this.#stopAll('dismissed');
  }

  /** Stops for good while the app goes on: what its dyno has begun may end. */
  async leave(): Promise<void> {
    this.#state = 'closed';
    await this.#stopAll('dismissed');
  }

  /** Stops for good. @param now an aborted signal takes away the grace */
  async close(now?: AbortSignal): Promise<void> {
    this.#state = 'closed';
    await this.#stopAll('stop', now);
  }

  crashed(run: DynoRun): number | undefined {
    if (run !== this.#current || this.#state !== 'running') return undefined;
    const upFor = this.#upSince === undefined ? 0 : performance.now() - this.#upSince;
    this.#crashes = countCrash(this.#crashes, upFor);
    const { restartPolicy } = this.#parts.settings;
    const delay = restartDelay(restartPolicy, this.#crashes, Math.random());
    if (delay === undefined) return undefined;
    void this.#startAgain(run, delay, this.#renewPending());
    return Date.now() + delay;
  }

  // Private

  async #startAgain(run: DynoRun, delay: number, signal: AbortSignal): Promise<void> {
    await Promise.all([run.ended, pause(delay, signal)]);
    if (!signal.aborted) await this.#start('crashed');
  }

  async #start(previous: 'crashed' | 'down' | undefined): Promise<void> {
    const signal = this.#renewPending();
    const run = await this.#make(this.#plan, () => !signal.aborted, this.#crashes);
    if (!run) return;
    this.#become(run);
    void run.start(previous);
  }

  #become(run: DynoRun): void {
    const old = this.#current;
    this.#current = run;
    this.#upSince = undefined;
    void old?.ended.then(() => this.#runs.delete(old));
    void run.ready.then((outcome) => {
      if (outcome === 'up' && run === this.#current) this.#upSince = performance.now();
    });
    this.#cycleLater(run);
  }

  /** Makes a run with a port of its own, unless it is no longer wanted when it has one. */
  async #make(
    plan: TypePlan,
    wanted: () => boolean,
    restarts: number,
  ): Promise<DynoRun | undefined> {
    const { ports, settings } = this.#parts;
    const lease = await ports.lease(nominalPort(settings.basePort, plan.index, this.number));
    if (!wanted()) {
      lease.release();
      return undefined;
    }
    const run = new DynoRun(this.#parts, dynoPlan(plan, this.number, restarts), lease, this);
    this.#runs.add(run);
    void run.ended.then(() => {
      if (run !== this.#current) this.#runs.delete(run);
    });
    return run;
  }

  #cycleLater(run: DynoRun): void {
    if (!this.#parts.settings.cycling) return;
    const timer = setTimeout(() => {
      if (run === this.#current && this.#state === 'running')
        void this.replace(this.#plan, 'cycle');
    }, cycleAge(Math.random()));
    timer.unref();
    void run.ended.then(() => clearTimeout(timer));
  }

  async #stopAll(why: StopReason, now?: AbortSignal): Promise<void> {
    this.#pending.abort();
    this.#successor = undefined;
    await Promise.all([...this.#runs].map((run) => run.stop(why, now)));
  }

  #renewPending(): AbortSignal {
    this.#pending.abort();
    this.#pending = new AbortController();
    return this.#pending.signal;
  }
}

function dynoPlan(plan: TypePlan, number: number, restarts: number): DynoPlan {
  const name = `${plan.type}.${number}`;
  return { ...plan, id: newId(), slot: number, name, extra: {}, restarts };
}
