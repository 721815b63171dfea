/** All processes of one dyno: its process group, and those that left the group (setsid, daemons). */
import { isSystemError } from '../../errors.js';
import { type Census, describeProcess } from './census.js';

export class Kin {
  readonly #group: number;
  readonly #dyno: string;
  readonly #census: Census;

  /**
   * @param group id of the process group: the pid of its leader
   * @param dyno id of the dyno, as its processes have it in their environment
   */
  constructor(group: number, dyno: string, census: Census) {
    this.#group = group;
    this.#dyno = dyno;
    this.#census = census;
  }

  /** Sends a signal to the group now, and to those outside it as soon as they are found. */
  async signal(signal: NodeJS.Signals): Promise<void> {
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
    const all = await this.#census.take();
    return all
      .filter((fact) => fact.group === this.#group || fact.dyno === this.#dyno)
      .map((fact) => fact.pid);
  }

  /** Pids of those that left the group. */
  async strays(): Promise<number[]> {
    const all = await this.#census.take();
    return all
      .filter((fact) => fact.dyno === this.#dyno && fact.group !== this.#group)
      .map((fact) => fact.pid);
  }

  /** What still runs, for a log line: `4711 sleep 1000`. */
  async names(): Promise<string[]> {
    return (await this.remaining()).map(describeProcess);
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
