/**
 * One run of one dyno, from its spawn until nothing of it is left. What an event means is decided
 * in lifecycle.ts; here is what lives: the child, its timers, its signals.
 */
import type { Address, Dyno, DynoStatus } from '../../model.js';
import { awaitPort, type BootWatcher } from './boot.js';
import { CrashEcho } from './crash-echo.js';
import { startChild } from './dyno-child.js';
import { type DynoChange, DynoRecord } from './dyno-record.js';
import { Ending, type EndingWatcher } from './ending.js';
import { dynoEnvironment, shownCommand } from './environment.js';
import { Kin } from './kin.js';
import type { Child, LaunchFailure } from './launch.js';
import { type Act, type LifecycleEvent, step } from './lifecycle.js';
import { changed, leftBehind, movedPort } from './lifecycle-lines.js';
import type { ControlGroup } from './limits/control-groups.js';
import type { EngineParts } from './parts.js';
import { within } from './patience.js';
import { type Phase, type StopReason, statusOf } from './phase.js';
import { type DynoPlan, gentleSignals, isWeb } from './plan.js';
import type { PortLease } from './ports.js';
import type { RunOwner } from './run-owner.js';
import type { Terminal } from './terminal.js';
import { vastlyExceeded } from './usage/quota.js';
import type { Sampled } from './usage/sampler.js';
import { type Quota, quotaOf } from './usage/sizes.js';

/** Last words of a leader may arrive after its end; a child of it may hold the pipe for longer. */
const LAST_WORDS = 50;
const DRAIN_LIMIT = 30_000;
const OUTPUT_LIMIT = 1_000;

export class DynoRun implements BootWatcher, EndingWatcher, Sampled {
  readonly plan: DynoPlan;
  /** Resolves once it is up (`up`), or when it has ended before that (`ended`). */
  readonly ready: Promise<'up' | 'ended'>;
  /** Resolves with the exit status when its processes are gone and its output was read. */
  readonly ended: Promise<number>;
  readonly #parts: EngineParts;
  readonly #owner: RunOwner;
  readonly #lease: PortLease;
  readonly #echo: CrashEcho;
  readonly #record: DynoRecord;
  readonly #booting = new AbortController();
  #phase: Phase = { name: 'starting' };
  #ending: Ending | undefined;
  readonly #quota: Quota;
  #control: ControlGroup | undefined;
  #terminal: Terminal | undefined;
  #tellReady!: (outcome: 'up' | 'ended') => void;
  #tellEnded!: (status: number) => void;

  /** @param lease the port of the dyno; the run gives it back */
  constructor(parts: EngineParts, plan: DynoPlan, lease: PortLease, owner: RunOwner) {
    this.plan = plan;
    this.#parts = parts;
    this.#owner = owner;
    this.#lease = lease;
    this.#quota = quotaOf(plan.size);
    this.ready = new Promise((resolve) => {
      this.#tellReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
    const { listener } = parts;
    this.#echo = new CrashEcho(owner.memory, plan.restarts, (message) => listener.log(message));
    this.#record = new DynoRecord(plan, lease.port, listener, this.#echo.tell);
  }

  /** As the model has it now. */
  get dyno(): Dyno {
    return this.#record.dyno;
  }

  /**
   * Spawns the command.
   * @param previous state of the slot before, for Heroku's `State changed from crashed to starting`
   * @returns why it could not be started, or undefined
   */
  start(previous: 'crashed' | 'down' | undefined): Promise<LaunchFailure | undefined> | undefined {
    this.#parts.guard.watch();
    this.#control = this.#parts.limits?.make(this.plan.id, this.#quota);
    const launched = startChild({
      plan: this.plan,
      environment: dynoEnvironment(this.#parts.settings, this.plan, this.#lease.port),
      isolation: this.#parts.isolation,
      pipes: this.#parts.pipes,
      control: this.#control,
      onLines: (text) => this.#record.print(text),
      say: (line) => this.say(line),
    });
    if (previous) this.say(changed(previous, 'starting'));
    this.#sayStart();
    if (!(launched instanceof Promise)) return this.#begin(launched);
    this.#record.change({});
    return launched.then((result) =>
      'pid' in result ? this.#begin(result) : this.#failed(result),
    );
  }

  /**
   * Asks it to end: SIGTERM, the grace, SIGKILL.
   * @param now an aborted signal takes away the grace
   * @returns when it is gone
   */
  async stop(why: StopReason, now?: AbortSignal): Promise<void> {
    this.#handle({ kind: 'stop', why });
    const hurry = () => this.#handle({ kind: 'hurry' });
    if (now?.aborted) hurry();
    now?.addEventListener('abort', hurry, { once: true });
    await this.ended;
    now?.removeEventListener('abort', hurry);
  }

  /** A newer release wants this type just as it is: the dyno runs on as one of that release. */
  adopt(release: number): void {
    if (this.dyno.release !== release) this.#record.change({ release });
  }

  /** Its terminal, while it runs on one. */
  get terminal(): Terminal | undefined {
    return this.#terminal;
  }

  /** Writes a line of the platform about this dyno. */
  say(text: string): void {
    this.#record.say(text);
  }

  bound(address: Address): void {
    this.#handle({ kind: 'ready' }, { address });
  }

  late(seconds: number): void {
    this.#handle({ kind: 'boot-timeout', seconds });
  }

  overdue(holders: readonly string[]): void {
    const seconds = this.#parts.settings.grace / 1000;
    this.#handle({ kind: 'grace-over', seconds, holders });
  }

  outlived(names: readonly string[]): void {
    if (this.#phase.name === 'crashed' && this.#phase.reason === 'exit')
      this.say(leftBehind(names));
  }

  get refusals(): number {
    return this.#control?.refusals ?? 0;
  }

  overQuota(reason: 'R15' | 'exit', lines: readonly string[]): void {
    this.#handle({ kind: 'over-quota', reason, lines });
  }

  // Private

  #begin(child: Child): undefined {
    const { settings, valve, guard, census, sampler } = this.#parts;
    guard.add(child.pid);
    valve.add(child, this.plan.name);
    sampler.add(this, child.pid);
    const kin = new Kin(child.pid, this.plan.id, census, child.leader ?? 'command', this.#control);
    const ending = new Ending(kin, settings.grace, gentleSignals(this.plan), this);
    this.#ending = ending;
    this.#terminal = child.terminal;
    this.#record.change({ pid: child.pid });
    // A terminal takes a moment to load: somebody may have stopped the dyno meanwhile.
    if (this.#phase.name === 'starting') this.#awaitReady();
    else ending.terminate();
    void this.#awaitEnd(child, ending);
  }

  #sayStart(): void {
    const { port, taken } = this.#lease;
    if (taken.length > 0) this.say(movedPort(taken, port));
    this.say(`Starting process with command \`${shownCommand(this.plan.command, port)}\``);
  }

  #awaitReady(): void {
    if (!isWeb(this.plan)) this.#handle({ kind: 'ready' });
    else awaitPort(this.#parts, this.plan, this.#lease.port, this.#booting, this);
  }

  async #awaitEnd(child: Child, ending: Ending): Promise<void> {
    const status = await child.exited;
    this.#booting.abort();
    this.#parts.sampler.remove(this);
    await within(LAST_WORDS, child.drained);
    if (this.#control?.outOfMemory) {
      this.overQuota('R15', vastlyExceeded(2 * this.#quota.memory, this.#quota));
    }
    this.#handle({ kind: 'exit', status });
    await ending.untilGone();
    this.#control?.remove();
    this.#parts.guard.remove(child.pid);
    this.#lease.release();
    await this.#parts.valve.whenOpen(this.plan.name);
    await within(OUTPUT_LIMIT, child.drained);
    child.closeOutput();
    this.#parts.valve.remove(child);
    await child.discard?.();
    this.#finish(status);
  }

  #failed(failure: LaunchFailure): LaunchFailure {
    this.#control?.remove();
    this.#handle({ kind: 'spawn-failed', ...failure });
    this.#lease.release();
    this.#finish(failure.status);
    return failure;
  }

  #finish(status: number): void {
    this.#handle({ kind: 'gone' });
    this.#tellReady('ended');
    this.#tellEnded(status);
  }

  #handle(event: LifecycleEvent, change: DynoChange = {}): void {
    const before = this.#phase.name;
    const next = step(this.#phase, event, this.plan.kind);
    if (!next) return;
    this.#phase = next.phase;
    if (next.phase.name !== before) this.#publish(change);
    for (const line of next.lines) this.say(line);
    if (next.phase.name !== before) this.#echo.note(this.dyno, isWeb(this.plan), Date.now());
    if (next.phase.name === 'up') this.#tellReady('up');
    if (next.act) this.#act(next.act);
  }

  #publish(change: DynoChange): void {
    const status = statusOf(this.#phase);
    const nextTryAt = status.state === 'crashed' ? this.#owner.crashed(this) : undefined;
    if (nextTryAt !== undefined)
      this.#record.change({ status: { ...status, nextTryAt } as DynoStatus });
    else if (status.state !== this.dyno.status.state) this.#record.change({ ...change, status });
  }

  #act(act: Act): void {
    if (act === 'terminate') this.#ending?.terminate();
    else if (act === 'clear up') void this.#ending?.clearUp();
    else if (act === 'kill') this.#ending?.kill();
    else {
      const drained = this.#parts.settings.drained(this.dyno);
      void within(DRAIN_LIMIT, drained).then(() => this.#handle({ kind: 'drained' }));
    }
  }
}
