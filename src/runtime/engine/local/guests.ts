/**
 * One-off dynos on the terminal of whoever asked for them: the caller starts the process, so that it
 * has a real terminal. Here is what the caller has to start, and what ends all of it.
 */
import { PlatformError } from '../../errors.js';
import type { Farewell, Guest, GuestHost, GuestStart } from '../engine.js';
import { dynoEnvironment } from './environment.js';
import type { ControlGroup } from './limits/control-groups.js';
import type { EngineParts } from './parts.js';
import { pause } from './patience.js';
import { oneOffPlan } from './plan.js';
import { quotaOf } from './usage/sizes.js';

/** What is held for one of them. */
interface Stay {
  readonly control: ControlGroup | undefined;
  readonly discard: (() => Promise<void>) | undefined;
}

/** How one is ended. */
interface Ending {
  readonly signals: readonly NodeJS.Signals[];
  readonly overdue: () => void;
  readonly now: AbortSignal | undefined;
}

const SHORTEST_WAIT = 10;
const LONGEST_WAIT = 200;

export class Guests implements GuestHost {
  readonly #parts: EngineParts;
  readonly #stays = new Map<string, Stay>();
  #state: 'open' | 'closed' = 'open';

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** @see GuestHost.welcome */
  async welcome(guest: Guest, say: (line: string) => void): Promise<GuestStart> {
    const { guard, isolation, limits, settings } = this.#parts;
    if (this.#isClosed) throw stopping();
    guard.watch();
    const plan = { ...oneOffPlan(guest), id: guest.id, name: guest.name, extra: guest.env ?? {} };
    // It has the caller's own terminal, or none: nothing has to talk it into colours.
    const environment = dynoEnvironment({ ...settings, color: false }, plan, undefined);
    const { command, directory } = plan;
    const prepared = isolation
      ? await isolation.prepare({ ...plan, environment }, say)
      : { program: ['/bin/sh', '-c', command] as const, directory, environment };
    if ('sentence' in prepared) throw new PlatformError('unavailable', prepared.sentence);
    const discard = 'discard' in prepared ? () => prepared.discard() : undefined;
    if (this.#isClosed) {
      await discard?.();
      throw stopping();
    }
    const control = limits?.make(guest.id, quotaOf(guest.size));
    this.#stays.set(guest.id, { control, discard });
    const program = control ? control.around(prepared.program) : prepared.program;
    return { program, directory: prepared.directory, environment: prepared.environment };
  }

  /** @see GuestHost.farewell */
  async farewell(
    id: string,
    signals: readonly NodeJS.Signals[],
    overdue: () => void,
    now?: AbortSignal,
  ): Promise<Farewell> {
    const stay = this.#stays.get(id);
    if (!stay) return 'gone';
    this.#stays.delete(id);
    const outcome = await this.#end(id, stay, { signals, overdue, now });
    stay.control?.remove();
    await stay.discard?.();
    return outcome;
  }

  /** Ends all of them. @param now an aborted signal takes away the grace */
  async close(now?: AbortSignal): Promise<void> {
    this.#state = 'closed'; // who came now would be ended by nobody
    const signals = ['SIGHUP', 'SIGTERM'] as const;
    const ids = [...this.#stays.keys()];
    await Promise.all(ids.map((id) => this.farewell(id, signals, () => undefined, now)));
  }

  // Private

  get #isClosed(): boolean {
    return this.#state === 'closed';
  }

  async #end(id: string, stay: Stay, { signals, overdue, now }: Ending): Promise<Farewell> {
    const deadline = performance.now() + this.#parts.settings.grace;
    let outcome: Farewell = 'gone';
    const asked = new Set<number>();
    for (let wait = SHORTEST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      const left = await this.#members(id, stay);
      if (left.length === 0) return outcome;
      if (performance.now() < deadline && !now?.aborted) {
        const newly = left.filter((pid) => !asked.has(pid));
        for (const pid of newly) asked.add(pid);
        for (const signal of signals) send(newly, signal);
      } else {
        if (outcome === 'gone') overdue();
        outcome = 'killed';
        stay.control?.kill();
        send(left, 'SIGKILL');
      }
      await pause(wait);
    }
  }

  /** By the mark in the environment, and by the control group. */
  async #members(id: string, { control }: Stay): Promise<number[]> {
    const facts = await this.#parts.census.take();
    const inside = new Set(control?.members);
    return facts.filter(({ dyno, pid }) => dyno === id || inside.has(pid)).map(({ pid }) => pid);
  }
}

function stopping(): PlatformError {
  return new PlatformError('unavailable', 'The platform is stopping. Start it again.');
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Ended meanwhile.
    }
  }
}
