/**
 * Real pipes for the output of dynos. Node's own are sockets, which nobody can open by a name:
 * `echo x > /dev/stdout` fails in a shell, and so does nginx with its log there. Linux only, where
 * /dev/stdout opens the file anew.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
} from 'node:fs';
import { isSystemError } from '../../errors.js';

/** How many are made in one go: one costs as much as all of them. */
const BATCH = 32;
/** With fewer than these left more are made while nothing waits for them. */
const LOW = 8;
/** ms after a start until then. */
const CALM = 500;

/** Both ends of a pipe, as file descriptors. */
export interface Pipe {
  readonly reader: number;
  readonly writer: number;
}

/** Named pipes that wait in a folder, from earlier runs too: making one takes as long as a dyno. */
export class PipeStock {
  readonly #folder: string | undefined;
  #names: string[] = [];
  #state: 'unread' | 'open' | 'closed' = 'unread';
  #refill: NodeJS.Timeout | undefined;

  /** @param folder that only this user can enter; all platforms of this user may share it */
  constructor(folder: string | undefined) {
    this.#folder = folder;
    if (process.platform !== 'linux' || folder === undefined) this.#state = 'closed';
  }

  /** @returns a pipe of its own, without a name any more; undefined where none can be had */
  take(): Pipe | undefined {
    if (this.#state === 'unread') this.#read();
    while (this.#state === 'open') {
      const name = this.#names.pop();
      this.#refillLater();
      if (name === undefined) this.#make();
      const pipe = name === undefined ? undefined : claim(`${this.#folder}/${name}`);
      if (pipe) return pipe;
    }
    return undefined;
  }

  #read(): void {
    const folder = this.#folder as string;
    try {
      // Not recursive: the folder above is there, and Node never ends where /proc is above.
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
      this.#names = readdirSync(folder);
      this.#state = 'open';
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#state = 'closed';
    }
  }

  #make(): void {
    const names = newNames();
    const { status } = spawnSync('mkfifo', this.#arguments(names), { stdio: 'ignore' });
    if (status === 0) this.#names = names;
    else this.#state = 'closed';
  }

  #refillLater(): void {
    if (this.#refill || this.#names.length >= LOW) return;
    this.#refill = setTimeout(() => {
      this.#refill = undefined;
      const names = newNames();
      const child = spawn('mkfifo', this.#arguments(names), { stdio: 'ignore' });
      child.unref();
      child.once('error', () => undefined);
      child.once('exit', (status) => {
        if (status === 0) this.#names.push(...names);
      });
    }, CALM);
    this.#refill.unref();
  }

  /** Whoever opens /dev/stdout may be another user by then: nginx's workers. The folder is private. */
  #arguments(names: readonly string[]): string[] {
    return ['-m', '666', ...names.map((name) => `${this.#folder}/${name}`)];
  }
}

/** Whoever removes the name has it: another platform may have opened it at the same time. */
function claim(path: string): Pipe | undefined {
  const ends: number[] = [];
  try {
    ends.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    ends.push(openSync(path, constants.O_WRONLY));
    unlinkSync(path);
    return { reader: ends[0] as number, writer: ends[1] as number };
  } catch (error) {
    for (const end of ends) closeSync(end);
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

let made = 0;

function newNames(): string[] {
  const run = `${process.pid}-${Date.now().toString(36)}`;
  made += 1;
  return Array.from({ length: BATCH }, (_, index) => `${run}-${made}-${index}`);
}
