/** Where rendered lines go. An outlet never blocks the event loop, whatever stands at its far end. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { isSystemError } from '../../runtime/errors.js';

export interface Outlet {
  /**
   * Writes all of it, then calls `done`: with an error when nobody reads any more. One at a time;
   * the bytes stay as they are until then.
   */
  write(bytes: Buffer, done: (error?: Error) => void): void;
  close(): void;
}

/**
 * The outlet for standard output.
 *
 * Node writes to a terminal synchronously, so Ctrl-S would freeze the platform, and a thread that
 * writes would keep the process from ending while the terminal is stopped. So a terminal is opened
 * a second time, non-blocking: the flag belongs to the opening, and the shell's own is untouched.
 * Pipes and sockets are asynchronous in Node, and files don't stop.
 * @param stream opens `process.stdout`; not called for a terminal
 */
export function standardOutput(stream: () => Writable): Outlet {
  if (!isatty(1) || process.platform === 'win32') return new StreamOutlet(stream());
  try {
    const path = process.platform === 'linux' ? '/proc/self/fd/1' : '/dev/tty';
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return new TerminalOutlet(openSync(path, flags));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return new StreamOutlet(stream());
  }
}

/** A pipe, a socket or a file. */
export class StreamOutlet implements Outlet {
  constructor(private readonly stream: Writable) {
    // Each write is told its own error; without a listener the same one would end the process.
    stream.on('error', () => undefined);
  }

  write(bytes: Buffer, done: (error?: Error) => void): void {
    this.stream.write(bytes, (error) => done(error ?? undefined));
  }

  close(): void {}
}

/** First and longest pause, in ms, before a full terminal is tried again. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 20;

/** A terminal that was opened non-blocking. */
export class TerminalOutlet implements Outlet {
  #pause = FIRST_PAUSE;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly descriptor: number) {}

  write(bytes: Buffer, done: (error?: Error) => void): void {
    this.#go(bytes, 0, done);
  }

  close(): void {
    clearTimeout(this.#timer);
    closeSync(this.descriptor);
  }

  #go(bytes: Buffer, from: number, done: (error?: Error) => void): void {
    let written = from;
    try {
      while (written < bytes.length) written += writeSync(this.descriptor, bytes, written);
    } catch (error) {
      if (!isSystemError(error, 'EAGAIN')) {
        done(error as Error);
        return;
      }
      this.#pause = written > from ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, this.#pause * 2);
      this.#timer = setTimeout(() => this.#go(bytes, written, done), this.#pause);
      return;
    }
    done();
  }
}
