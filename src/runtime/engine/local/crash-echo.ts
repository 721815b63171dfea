/**
 * A dyno that crashes again and again in the same way says so in one line, in place of a wall of
 * the same stack trace. Its first life is shown whole; the lines of a later one are held back until
 * it is clear that it is another one: it lives on, says more, or ends otherwise.
 */
import type { Dyno, LogMessage } from '../../model.js';
import type { Outlet } from './dyno-record.js';
import { changed } from './lifecycle-lines.js';

/** Crashes in a row before lines are held back. */
const SHOWN_WHOLE = 1;
/** ms after which a life is another one. */
const LIVES_ON = 2_000;
/** UTF-16 units of output after which it is another one. */
const LARGEST_ECHO = 64 * 1024;

/** Only a second life begins with it. */
const AGAIN = changed('crashed', 'starting');

/** What the slot remembers of the last crash. */
export interface CrashMemory {
  fingerprint: string | undefined;
}

/** How a crash is told when it was the same again. */
export interface CrashFacts {
  /** In a row, this one included. */
  readonly crashes: number;
  readonly exitStatus: number;
  readonly nextTryAt: number | undefined;
}

/** Between one run and the log. */
export class CrashEcho {
  readonly #memory: CrashMemory;
  readonly #outlet: Outlet;
  #held: LogMessage[] | undefined;
  #heard = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param crashes in a row before this run */
  constructor(memory: CrashMemory, crashes: number, outlet: Outlet) {
    this.#memory = memory;
    this.#outlet = outlet;
    if (crashes < SHOWN_WHOLE) return;
    this.#held = [];
    this.#timer = setTimeout(() => this.release(), LIVES_ON);
    this.#timer.unref();
  }

  /** Passes a message on, or holds it back. */
  readonly tell: Outlet = (message) => {
    const line = message.text === AGAIN ? '' : `${message.text}\n`;
    if (this.#heard.length <= LARGEST_ECHO) this.#heard += line;
    if (this.#held && this.#heard.length <= LARGEST_ECHO) this.#held.push(message);
    else {
      this.release();
      this.#outlet(message);
    }
  };

  /** Its state is another one now. @param boots it is up when it listens, not just when it runs */
  note({ status, restarts }: Dyno, boots: boolean, now: number): void {
    if (status.state === 'crashed') {
      const { exitStatus, nextTryAt } = status;
      this.crashed({ crashes: restarts + 1, exitStatus, nextTryAt }, now);
    } else if (status.state !== 'up' || boots) this.release();
  }

  /** It is another life than the last one: everything that was held back is shown. */
  release(): void {
    clearTimeout(this.#timer);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#outlet(message);
  }

  /** It has crashed. Shows one line in place of what was held back, if that was the same again. */
  crashed(facts: CrashFacts, now: number): void {
    const fingerprint = alike(this.#heard);
    const last = this.#held?.at(-1);
    if (last && fingerprint === this.#memory.fingerprint) {
      this.#held = [];
      this.#outlet({ ...last, text: sameAgain(facts, now) });
    }
    this.release();
    this.#memory.fingerprint = fingerprint;
  }
}

/** The text without what differs from one life to the next: pids, ports, times, addresses. */
export function alike(text: string): string {
  return text.slice(0, LARGEST_ECHO).replace(/0x[0-9a-f]+|\d+/gi, '0');
}

/** `Crashed in the same way again (4 times in a row, exit status 1); next try in 4 s`. */
export function sameAgain(facts: CrashFacts, now: number): string {
  const { crashes, exitStatus, nextTryAt } = facts;
  const wait = nextTryAt === undefined ? undefined : Math.round((nextTryAt - now) / 1000);
  const next = wait === undefined ? 'it is not tried again' : `next try in ${wait} s`;
  return `Crashed in the same way again (${crashes} times in a row, exit status ${exitStatus}); ${next}`;
}
