/** Runs a dyno on a terminal of its own (a pty), and lets others look at it and type into it. */
import { Duplex } from 'node:stream';
import { type Child, type LaunchFailure, type LaunchOptions, launchFailure } from './launch.js';
import { LineAssembler } from './output.js';

/** A name that no bundler follows: the package is optional and brings its own binary. */
const PTY_PACKAGE: string = '@lydell/node-pty';

/** Bytes that a newcomer gets of what was shown before: a prompt, mostly. */
const RECENT = 4 * 1024;
/** Bytes that may wait for somebody who looks but does not read. */
const LONGEST_QUEUE = 1024 * 1024;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What is used of the package (@lydell/node-pty, node-pty.d.ts). */
interface Pty {
  readonly pid: number;
  onData(listener: (data: Buffer) => void): unknown;
  onExit(listener: (end: { exitCode: number; signal?: number }) => void): unknown;
  write(data: Buffer | string): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
}

type Spawn = (file: string, args: string[], options: object) => Pty;

/** One who looks at a terminal: reads what it shows, writes what is typed. Destroy it to detach. */
export class Attachment extends Duplex {
  readonly #pty: Pty;

  constructor(pty: Pty) {
    super();
    this.#pty = pty;
  }

  /** Tells the programs that the window has another size. */
  resizeWindow(size: TerminalSize): void {
    this.#pty.resize(size.columns, size.rows);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#pty.write(chunk);
    done();
  }
}

/** The terminal of one dyno. */
export class Terminal {
  readonly #pty: Pty;
  readonly #attachments = new Set<Attachment>();
  #recent: Buffer = Buffer.alloc(0);
  #state: 'open' | 'ended' = 'open';

  constructor(pty: Pty) {
    this.#pty = pty;
    pty.onData((data) => this.#show(data));
    pty.onExit(() => {
      this.#state = 'ended';
      for (const attachment of this.#attachments) attachment.push(null);
    });
  }

  /** False when its program has ended: its file descriptor may be somebody else's by then. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Somebody looks, beside all others. The dyno does not notice when they leave. */
  attach(): Attachment {
    const attachment = new Attachment(this.#pty);
    this.#attachments.add(attachment);
    attachment.once('close', () => this.#attachments.delete(attachment));
    if (this.#recent.length > 0) attachment.push(this.#recent);
    return attachment;
  }

  #show(data: Buffer): void {
    this.#recent = Buffer.concat([this.#recent, data]).subarray(-RECENT);
    for (const attachment of this.#attachments) {
      attachment.push(data);
      if (attachment.readableLength > LONGEST_QUEUE) attachment.destroy();
    }
  }
}

/**
 * Starts a program on a terminal of its own, as leader of its own process group.
 * @returns undefined where the optional package is missing
 */
export async function launchOnTerminal(
  options: LaunchOptions,
  size: TerminalSize,
): Promise<Child | LaunchFailure | undefined> {
  const spawn = await loadSpawn();
  try {
    return spawn && onPty(spawn, options, size);
  } catch (error) {
    return launchFailure(error, options); // no terminal, process or file is left: "forkpty(3) failed."
  }
}

function onPty(spawn: Spawn, options: LaunchOptions, size: TerminalSize): Child {
  const [file, ...words] = options.program;
  const pty = spawn(file, words, {
    name: options.environment['TERM'] ?? 'xterm-256color',
    cols: size.columns,
    rows: size.rows,
    cwd: options.directory,
    env: options.environment,
    encoding: null,
  });
  const lines = new LineAssembler();
  pty.onData((data) => {
    const text = lines.push(data);
    if (text !== undefined) options.onLines(text);
  });
  const exited = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      const last = lines.end();
      if (last !== undefined) options.onLines(last);
      resolve(signal ? 128 + signal : exitCode);
    });
  });
  return {
    pid: pty.pid,
    terminal: new Terminal(pty),
    exited,
    // The package tells the end when everything was read.
    drained: exited.then(() => undefined),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    closeOutput: () => undefined,
  };
}

async function loadSpawn(): Promise<Spawn | undefined> {
  try {
    const loaded = (await import(PTY_PACKAGE)) as { spawn?: Spawn; default?: { spawn: Spawn } };
    return loaded.spawn ?? loaded.default?.spawn;
  } catch {
    // Not installed, or not built for this system: the caller says so and goes on with pipes.
    return undefined;
  }
}
