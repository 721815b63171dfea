/**
 * Ends the processes of a dyno: SIGTERM, the grace, SIGKILL, until none is left, in its group or
 * outside it.
 */
import type { Kin } from './kin.js';
import { pause } from './patience.js';

/** Is told of processes by name: `4711 sleep 1000`. */
export interface EndingWatcher {
  /** Still there when the grace is over. */
  overdue(names: readonly string[]): void;
  /** Still there when their leader has ended by itself. */
  outlived(names: readonly string[]): void;
}

export class Ending {
  readonly #kin: Kin;
  readonly #grace: number;
  readonly #gentle: readonly NodeJS.Signals[];
  readonly #watcher: EndingWatcher;
  #force: 'none' | 'SIGTERM' | 'SIGKILL' = 'none';
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param grace ms from the gentle signals to SIGKILL
   * @param gentle SIGTERM; SIGHUP too for a shell that somebody typed into, which ignores SIGTERM
   * @param watcher is told what holds it up
   */
  constructor(kin: Kin, grace: number, gentle: readonly NodeJS.Signals[], watcher: EndingWatcher) {
    this.#kin = kin;
    this.#grace = grace;
    this.#gentle = gentle;
    this.#watcher = watcher;
  }

  /** Sends the gentle signals and begins the grace; once. */
  terminate(): void {
    if (this.#force !== 'none') return;
    this.#force = 'SIGTERM';
    for (const signal of this.#gentle) void this.#kin.signal(signal);
    this.#timer = setTimeout(() => void this.#graceOver(), this.#grace);
  }

  /** After the leader ended by itself: tells what it left behind, and ends that too. */
  async clearUp(): Promise<void> {
    const names = await this.#kin.names();
    if (names.length === 0 || this.#force !== 'none') return;
    this.#watcher.outlived(names);
    this.terminate();
  }

  /** Sends SIGKILL, and again to whoever is found later. */
  kill(): void {
    this.#force = 'SIGKILL';
    clearTimeout(this.#timer);
    void this.#kin.signal('SIGKILL');
  }

  /** To be called when the leader has ended: waits for all others. */
  async untilGone(): Promise<void> {
    const asked = new Set<number>();
    for (let look = 1, wait = 5; ; look += 1, wait = Math.min(wait * 2, 100)) {
      // Where zombies stay in the group (nobody reaps them) only a census sees that it is empty.
      if (!this.#kin.groupMayLive || look % 8 === 0) {
        const left = await this.#kin.remaining();
        if (left.length === 0) break;
        this.#ask(left, asked);
      }
      await pause(wait);
    }
    clearTimeout(this.#timer);
  }

  async #graceOver(): Promise<void> {
    const holders = await this.#kin.names();
    if (holders.length > 0) this.#watcher.overdue(holders);
  }

  #ask(left: readonly number[], asked: Set<number>): void {
    if (this.#force === 'none') return;
    const pids = this.#force === 'SIGKILL' ? left : left.filter((pid) => !asked.has(pid));
    for (const pid of pids) asked.add(pid);
    this.#kin.signalEach(pids, this.#force);
  }
}
