/** One server of an add-on: started, looked at until it answers, started again when it dies, stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isSystemError, PlatformError } from '../../errors.js';
import type { Place } from '../provider.js';
import { eachLine } from './lines.js';
import type { Disguise } from './ordinary-user.js';

/** How a server is run. */
export interface ServerPlan {
  /** What it is, for sentences: `Postgres`. */
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Set for it beside PATH and what the guard needs. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly disguise?: Disguise;
  /** Written to its input: a configuration that no list of processes shows. */
  readonly input?: string;
  readonly stopSignal: NodeJS.Signals;
  /** One look at whether it answers. */
  readonly answers: () => Promise<boolean>;
}

/** ms that a server has to answer: recovery after a crash takes its time. */
const START_LIMIT = 60_000;
const LOOK_EVERY = 15;
/** ms that a server has to stop before it is killed. */
const GRACE = 10_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;
/** ms after which a server counts as one that works. */
const STABLE = 60_000;
/** Lines that are repeated where it does not start. */
const LAST_WORDS = 5;

type State = 'starting' | 'up' | 'waiting' | 'stopping' | 'down';

export class Server {
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #state: State = 'down';
  #upSince = 0;
  #pause = FIRST_PAUSE;
  #timer: NodeJS.Timeout | undefined;
  #lastWords: string[] = [];

  constructor(
    private readonly plan: ServerPlan,
    private readonly place: Pick<Place, 'guard' | 'environment' | 'folder' | 'log'>,
  ) {}

  /** Starts it, and resolves when it answers. @throws PlatformError unavailable with what it said */
  async start(): Promise<void> {
    this.#state = 'starting';
    this.#launch();
    const deadline = Date.now() + START_LIMIT;
    while (!(await this.plan.answers())) {
      if (!this.#child) {
        this.#state = 'down';
        throw this.#failure('ended while it started');
      }
      if (Date.now() > deadline) {
        await this.stop();
        throw this.#failure(`did not answer within ${START_LIMIT / 1000} seconds`);
      }
      await delay(LOOK_EVERY);
    }
    if (this.#state !== 'starting') return;
    this.#state = 'up';
    this.#upSince = Date.now();
  }

  status(): 'up' | { readonly failure: string } {
    if (this.#state === 'up') return 'up';
    return { failure: `${this.plan.title} is not up: ${this.#lastWords.at(-1) ?? this.#state}.` };
  }

  /** Stops it: its own signal, ten seconds, SIGKILL. @param now aborted: SIGKILL at once */
  async stop(now?: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    this.#state = 'stopping';
    this.#signal(now?.aborted ? 'SIGKILL' : this.plan.stopSignal);
    const kill = () => this.#signal('SIGKILL');
    const force = setTimeout(kill, GRACE);
    now?.addEventListener('abort', kill, { once: true });
    await this.#exited;
    clearTimeout(force);
    now?.removeEventListener('abort', kill);
    this.#state = 'down';
  }

  // Private

  #launch(): void {
    const { program, args, disguise = { prefix: [] }, input } = this.plan;
    const [first = program, ...rest] = [...disguise.prefix, program, ...args];
    const child = spawn(first, rest, {
      cwd: this.place.folder,
      env: {
        PATH: this.place.environment['PATH'] ?? '',
        ...this.plan.environment,
        ...this.place.guard.marks,
      },
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(disguise.uid === undefined ? {} : { uid: disguise.uid, gid: disguise.gid }),
    });
    this.#child = child;
    if (child.pid !== undefined) this.place.guard.add(child.pid);
    child.stdin?.on('error', () => undefined).end(input);
    eachLine([child.stdout, child.stderr], (line) => this.#hear(line));
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => this.#ended(child, reason(error), resolve));
      child.once('close', (code, signal) =>
        this.#ended(child, signal ?? `status ${code}`, resolve),
      );
    });
  }

  #hear(line: string): void {
    this.#lastWords = [...this.#lastWords, line].slice(-LAST_WORDS);
    this.place.log(line);
  }

  #ended(child: ChildProcess, how: string, resolve: () => void): void {
    if (this.#child === child) this.#child = undefined;
    if (child.pid !== undefined) this.place.guard.remove(child.pid);
    resolve();
    if (this.#state === 'up') this.#startAgain(how);
    else if (this.#state === 'starting') this.#lastWords.push(`it ended with ${how}`);
  }

  /** A server that died takes its connections with it; the dynos see a reconnect, no more. */
  #startAgain(how: string): void {
    if (Date.now() - this.#upSince > STABLE) this.#pause = FIRST_PAUSE;
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE);
    this.#state = 'waiting';
    this.place.log(`${this.plan.title} ended with ${how}. It is started again in ${pause} ms.`);
    this.#timer = setTimeout(() => {
      this.start().catch((error: Error) => {
        if (this.#state === 'stopping' || this.#state === 'down') return;
        this.#startAgain(error.message);
      });
    }, pause);
  }

  #signal(signal: NodeJS.Signals): void {
    // The leader alone: a server ends its own children, and in good order.
    if (signal === 'SIGKILL' && this.#child?.pid !== undefined) killGroup(this.#child.pid);
    else this.#child?.kill(signal);
  }

  #failure(what: string): PlatformError {
    const said = this.#lastWords.length === 0 ? '' : ` It said: ${this.#lastWords.join(' / ')}`;
    return new PlatformError('unavailable', `${this.plan.title} ${what}.${said}`);
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (!isSystemError(error, 'ESRCH', 'EPERM')) throw error;
  }
}

function reason(error: Error): string {
  return isSystemError(error, 'ENOENT') ? 'no program of that name' : error.message;
}
