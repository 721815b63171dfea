/** Keeps the dynos of one app as its manifest wants them. One wish at a time, in order. */

import { PlatformError } from '../../../errors.js';
import { newId } from '../../../identity.js';
import type { Dyno } from '../../../model.js';
import type { Manifest, OneOff, OneOffRun, Selector } from '../../engine.js';
import { DynoRun } from '../dyno-run.js';
import type { EngineParts } from '../parts.js';
import { oneOffPlan, signature, type TypePlan, typePlan } from '../plan.js';
import { nominalPort } from '../ports.js';
import type { RunOwner } from '../run-owner.js';
import type { Attachment } from '../terminal.js';
import { reconcile } from './reconcile.js';
import { rollOver } from './roll-over.js';
import { Slot } from './slot.js';

/** A one-off is never started again. */
const NO_NEXT_TRY: RunOwner = { crashed: () => undefined, memory: { fingerprint: undefined } };

export class Supervisor {
  readonly #parts: EngineParts;
  readonly #slots = new Map<string, Slot>();
  readonly #oneOffs = new Set<DynoRun>();
  /** What leaves and is in no slot any more. */
  readonly #leaving = new Set<Slot>();
  readonly #rollOvers = new Map<AbortController, readonly Slot[]>();
  #state: 'open' | 'closed' = 'open';
  #quantities: ReadonlyMap<string, number> = new Map();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** @see Engine.apply */
  apply(manifest: Manifest): Promise<void> {
    return this.#inTurn(async () => {
      const plans = plansOf(manifest);
      const wishes = [...plans.values()].map(({ plan, quantity }) => {
        return { type: plan.type, quantity, signature: signature(plan) };
      });
      const actions = reconcile(wishes, [...this.#slots.values()], this.#quantities);
      this.#quantities = quantities(manifest);
      const replaced = new Map<string, Slot[]>();
      const begun: Promise<void>[] = [];
      for (const { kind, type, number } of actions) {
        if (this.#state === 'closed') break;
        const slot = this.#slots.get(`${type}.${number}`);
        const plan = plans.get(type)?.plan;
        if (kind === 'stop' && slot) this.#dismiss(slot);
        else if (kind === 'keep' && plan) slot?.adopt(plan);
        else if (kind === 'replace' && slot) {
          replaced.set(type, [...(replaced.get(type) ?? []), slot]);
        } else if (kind === 'start' && plan) {
          begun.push(this.#open(plan, number));
          await nextTurn();
        }
      }
      for (const [type, slots] of replaced) {
        const plan = plans.get(type)?.plan;
        if (plan) begun.push(this.#replace(slots, plan, manifest.preboot));
      }
      await Promise.all(begun);
    });
  }

  /** @see Engine.run */
  async run(oneOff: OneOff): Promise<OneOffRun> {
    const plan = oneOffPlan(oneOff);
    const number = this.#freeNumber(plan.type);
    const name = `${plan.type}.${number}`;
    const { ports, settings } = this.#parts;
    const lease = await ports.lease(nominalPort(settings.basePort, plan.index, 1));
    if (this.#state === 'closed') {
      lease.release();
      throw stopping();
    }
    const run = new DynoRun(
      this.#parts,
      { ...plan, id: newId(), slot: number, name, extra: oneOff.env ?? {}, restarts: 0 },
      lease,
      NO_NEXT_TRY,
    );
    this.#oneOffs.add(run);
    void run.ended.then(() => this.#oneOffs.delete(run));
    const failure = await run.start(undefined);
    if (failure) throw new PlatformError('unavailable', failure.sentence);
    if (oneOff.timeToLive !== undefined) endAfter(run, oneOff.timeToLive);
    return { dyno: run.dyno, ended: run.ended };
  }

  /** @see Engine.restart */
  restart(manifest: Manifest, selector: Selector): Promise<void> {
    return this.#inTurn(async () => {
      const { slots, runs } = this.#select(selector);
      const plans = plansOf(manifest);
      // Heroku ends a one-off that is to be restarted. All of an app does not mean its one-offs.
      const oneOffs = selector.type || selector.name ? runs : [];
      for (const run of oneOffs) void run.stop('stop');
      const types = [...new Set(slots.map((slot) => slot.type))];
      await Promise.all(
        types.map((type) => {
          const ofType = slots.filter((slot) => slot.type === type);
          const plan = plans.get(type)?.plan;
          return plan && this.#replace(ofType, plan, manifest.preboot);
        }),
      );
    });
  }

  /** @see Engine.stop */
  async stop(selector: Selector): Promise<void> {
    const gone = await this.#inTurn(async () => {
      const { slots, runs } = this.#select(selector);
      return [...slots.map((slot) => slot.hold()), ...runs.map((run) => run.stop('stop'))];
    });
    await Promise.all(gone);
  }

  /** @throws PlatformError not_found, or invalid_params for a dyno without a terminal */
  attach(name: string): Attachment {
    const { slots, runs } = this.#select({ name });
    const terminal = [...slots, ...runs].map((one) => one.terminal).find((found) => found?.isOpen);
    if (terminal) return terminal.attach();
    throw new PlatformError(
      'invalid_params',
      `${name} has no terminal to attach to. Start the app with --tty ${name.split('.')[0]}.`,
    );
  }

  /** @see Engine.dynos */
  dynos(): Dyno[] {
    const slots = [...this.#slots.values(), ...this.#leaving];
    return [...slots.flatMap((slot) => slot.dynos()), ...[...this.#oneOffs].map((run) => run.dyno)];
  }

  /** @see Engine.close */
  async close(now?: AbortSignal): Promise<void> {
    this.#state = 'closed';
    for (const ending of this.#rollOvers.keys()) ending.abort();
    const slots = [...this.#slots.values(), ...this.#leaving];
    const stopping = [
      ...slots.map((slot) => slot.close(now)),
      ...[...this.#oneOffs].map((run) => run.stop('stop', now)),
    ];
    this.#slots.clear();
    await Promise.all(stopping);
  }

  // Private

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      // Whatever waited for its turn while the app was closed must not start anything any more.
      if (this.#state === 'closed') throw stopping();
      return work();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #open(plan: TypePlan, number: number): Promise<void> {
    const slot = new Slot(this.#parts, plan, number);
    this.#slots.set(slot.name, slot);
    return slot.start();
  }

  #dismiss(slot: Slot): void {
    this.#slots.delete(slot.name);
    this.#leaving.add(slot);
    void slot.leave().then(() => this.#leaving.delete(slot));
  }

  async #replace(slots: readonly Slot[], plan: TypePlan, preboot: boolean): Promise<void> {
    const all = [...new Set([...slots, ...this.#takeFromRollOvers(slots)])];
    if (preboot && plan.type === 'web' && all.some((slot) => slot.isUp)) {
      const ending = new AbortController();
      this.#rollOvers.set(ending, all);
      void rollOver(all, plan, ending.signal).then(() => this.#rollOvers.delete(ending));
    } else {
      await Promise.all(all.map((slot) => slot.replace(plan)));
    }
  }

  /** Ends the swaps that these slots are part of. @returns what else was in them and is still here */
  #takeFromRollOvers(slots: readonly Slot[]): Slot[] {
    const ended = [...this.#rollOvers].filter(([, swapped]) =>
      swapped.some((slot) => slots.includes(slot)),
    );
    for (const [ending] of ended) {
      ending.abort();
      this.#rollOvers.delete(ending);
    }
    return ended.flatMap(([, swapped]) =>
      swapped.filter((slot) => this.#slots.get(slot.name) === slot && slot.state === 'running'),
    );
  }

  #select(selector: Selector): { slots: Slot[]; runs: DynoRun[] } {
    const fits = (one: { type: string; name: string }) =>
      (selector.type ?? one.type) === one.type && (selector.name ?? one.name) === one.name;
    const slots = [...this.#slots.values()].filter(fits);
    const runs = [...this.#oneOffs].filter((run) => fits(run.plan));
    const named = selector.name ?? selector.type;
    if (named && slots.length + runs.length === 0) {
      throw new PlatformError(
        'not_found',
        `Couldn't find that dyno (${named}). See what runs with: paas ps`,
        { resource: 'dyno' },
      );
    }
    return { slots, runs };
  }

  #freeNumber(type: string): number {
    const used = new Set([...this.#oneOffs].map((run) => run.plan.name));
    for (;;) {
      const number = 1000 + Math.floor(Math.random() * 9000);
      if (!used.has(`${type}.${number}`)) return number;
    }
  }
}

/** Spawning blocks: what the first dynos say, and requests, need not wait for the hundredth. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What is asked of an app that is being closed. */
function stopping(): PlatformError {
  return new PlatformError('unavailable', 'The app is stopping. Start it again.');
}

/** Types that have dynos, with what they run. `release` never has one. */
function plansOf(manifest: Manifest): Map<string, { plan: TypePlan; quantity: number }> {
  const wishes = manifest.processes.filter((wish) => wish.type !== 'release');
  return new Map(
    wishes.map((wish) => [wish.type, { plan: typePlan(manifest, wish), quantity: wish.quantity }]),
  );
}

function quantities(manifest: Manifest): ReadonlyMap<string, number> {
  return new Map(manifest.processes.map((wish) => [wish.type, wish.quantity]));
}

function endAfter(run: DynoRun, ms: number): void {
  const timer = setTimeout(() => void run.stop('stop'), ms);
  void run.ended.then(() => clearTimeout(timer));
}
