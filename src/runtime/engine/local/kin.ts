/** All processes of one dyno: its process group, and those that left the group (setsid, daemons). */
import { isSystemError } from '../../errors.js';
import { type Census, describeProcess, type ProcessFact } from './census.js';
import type { ControlGroup } from './limits/control-groups.js';
import { pause } from './patience.js';

/**
 * What leads the group of a dyno: the shell of its command, or what watches its sandbox. That one
 * gets no gentle signal: it would end everything inside at once, without a grace.
 */
export type Leader = 'command' | 'monitor';

const LOOKS_INSIDE = 20;
/** ms */
const LOOK_INTERVAL = 50;

export class Kin {
  readonly #group: number;
  readonly #dyno: string;
  readonly #census: Census;
  readonly #leader: Leader;
  readonly #control: ControlGroup | undefined;

  /**
   * @param group id of the process group: the pid of its leader
   * @param dyno id of the dyno, as its processes have it in their environment
   * @param control what none of them can leave, where the kernel has it
   */
  constructor(group: number, dyno: string, census: Census, leader: Leader, control?: ControlGroup) {
    this.#group = group;
    this.#dyno = dyno;
    this.#census = census;
    this.#leader = leader;
    this.#control = control;
  }

  /** Sends a signal to the group now, and to those outside it as soon as they are found. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (this.#leader === 'monitor' && signal !== 'SIGKILL') return this.#signalInside(signal);
    if (signal === 'SIGKILL') this.#control?.kill();
    send(-this.#group, signal);
    for (const pid of await this.strays()) send(pid, signal);
  }

  /** Sends a signal to some of them. */
  signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
    for (const pid of pids) send(pid, signal);
  }

  /** False as soon as the group has no member, which is cheap to ask; zombies count as members. */
  get groupMayLive(): boolean {
    return send(-this.#group, 0) !== 'ESRCH';
  }

  /** Pids of everything that still runs of this dyno. */
  async remaining(): Promise<number[]> {
    return (await this.#all()).map((fact) => fact.pid);
  }

  /** Pids of those that left the group. */
  async strays(): Promise<number[]> {
    const all = await this.#all();
    return all.filter((fact) => fact.group !== this.#group).map((fact) => fact.pid);
  }

  /** What still runs, for a log line: `4711 sleep 1000`. */
  async names(): Promise<string[]> {
    const members = await this.remaining();
    const shown = members.filter((pid) => this.#leader === 'command' || pid !== this.#group);
    return shown.map(describeProcess);
  }

  /** By the group, by the mark in the environment, by the control group: each finds most of them. */
  async #all(): Promise<ProcessFact[]> {
    const facts = await this.#census.take();
    const inside = new Set(this.#control?.members);
    return facts.filter(
      ({ group, dyno, pid }) => group === this.#group || dyno === this.#dyno || inside.has(pid),
    );
  }

  /** A sandbox that is just being made has its first process, and then the command, a moment later. */
  async #signalInside(signal: NodeJS.Signals): Promise<void> {
    const asked = new Set([this.#group]);
    for (let look = 0; look < LOOKS_INSIDE && asked.size < 3; look += 1) {
      if (look > 0) await pause(LOOK_INTERVAL);
      const found = (await this.remaining()).filter((pid) => !asked.has(pid));
      for (const pid of found) asked.add(pid);
      this.signalEach(found, signal);
    }
  }
}

/** @returns the error's code when nobody got the signal */
function send(target: number, signal: NodeJS.Signals | 0): string | undefined {
  try {
    process.kill(target, signal);
    return undefined;
  } catch (error) {
    if (isSystemError(error)) return error.code;
    throw error;
  }
}
