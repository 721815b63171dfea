/**
 * Starts the shell of a dyno. `node:child_process` and no library: see docs/decisions.md, the start
 * of the first dyno would take twice as long.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { isSystemError } from '../../errors.js';
import type { Leader } from './kin.js';
import { LineAssembler } from './output.js';
import type { Pipe, PipeStock } from './pipe-stock.js';
import type { Terminal } from './terminal.js';

export interface LaunchOptions {
  /** Program and arguments: `/bin/sh -c command`, or what isolates that. */
  readonly program: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Record<string, string>;
  readonly pipes: PipeStock;
  /** Blocks of whole lines, in the order in which they arrived on either stream. */
  readonly onLines: (text: string) => void;
}

/** A child that runs: leader of its own process group. */
export interface Child {
  readonly pid: number;
  /** Where it runs on one. */
  readonly terminal?: Terminal;
  /** Exit status (128 + signal) of the leader. */
  readonly exited: Promise<number>;
  /** Settles when both streams have ended. */
  readonly drained: Promise<void>;
  pause(): void;
  resume(): void;
  /** Stops reading what somebody else still could write. */
  closeOutput(): void;
  /** What leads its group; the command's shell, where it is not said. */
  readonly leader?: Leader;
  /** Removes what was made for it; for when nothing of it runs. */
  discard?(): Promise<void>;
}

/** A child that could not be started. */
export interface LaunchFailure {
  readonly status: 126 | 127;
  readonly sentence: string;
}

/** Starts a program in its own process group, its input closed, its output read as lines. */
export function launch(options: LaunchOptions): Child | Promise<LaunchFailure> {
  let child: ChildProcess;
  const pipes = takePipes(options.pipes);
  try {
    const [file, ...words] = options.program;
    child = spawn(file, words, {
      cwd: options.directory,
      env: options.environment,
      detached: true,
      stdio: ['ignore', pipes[0]?.writer ?? 'pipe', pipes[1]?.writer ?? 'pipe'],
    });
  } catch (error) {
    for (const { reader } of pipes) closeSync(reader);
    return Promise.resolve(launchFailure(error, options));
  } finally {
    for (const { writer } of pipes) closeSync(writer);
  }
  const streams: Readable[] = pipes.map(
    ({ reader }) => new Socket({ fd: reader, readable: true, writable: false }),
  );
  if (child.stdout && child.stderr) streams.push(child.stdout, child.stderr);
  if (child.pid !== undefined) return started(child, child.pid, streams, options);
  for (const stream of streams) stream.destroy();
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(launchFailure(error, options)));
  });
}

/** For stdout and stderr; none where there is no stock, and Node makes sockets then. */
function takePipes(stock: PipeStock): Pipe[] {
  const out = stock.take();
  const error = out && stock.take();
  if (out && error) return [out, error];
  if (out) for (const end of [out.reader, out.writer]) closeSync(end);
  return [];
}

function started(
  child: ChildProcess,
  pid: number,
  streams: readonly Readable[],
  options: LaunchOptions,
): Child {
  const ended = streams.map(
    (stream) =>
      new Promise<void>((resolve) => {
        const lines = new LineAssembler();
        stream.on('data', (chunk: Buffer) => {
          const text = lines.push(chunk);
          if (text !== undefined) options.onLines(text);
        });
        stream.once('close', () => {
          const last = lines.end();
          if (last !== undefined) options.onLines(last);
          resolve();
        });
        // A broken pipe ends the stream; `close` follows.
        stream.on('error', () => undefined);
      }),
  );
  return {
    pid,
    exited: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(exitStatus(code, signal)));
    }),
    drained: Promise.all(ended).then(() => undefined),
    pause: () => streams.forEach((stream) => void stream.pause()),
    resume: () => streams.forEach((stream) => void stream.resume()),
    closeOutput: () => streams.forEach((stream) => void stream.destroy()),
  };
}

function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal ? constants.signals[signal] : 0);
}

/** Why a program could not be started, for a user. */
export function launchFailure(
  error: unknown,
  options: Pick<LaunchOptions, 'directory'>,
): LaunchFailure {
  const code = isSystemError(error) ? error.code : undefined;
  if (!existsSync(options.directory)) {
    return {
      status: 127,
      sentence: `Can't start: the folder ${options.directory} does not exist. Create it again, or start the app from where it is now.`,
    };
  }
  const mend = MENDS[code ?? ''];
  const reason = error instanceof Error ? error.message : String(error);
  return { status: 126, sentence: `Can't start: ${mend ?? `${reason}.`}` };
}

const MENDS: Readonly<Record<string, string>> = {
  E2BIG:
    'the command and its config vars are longer than the system allows. Shorten the largest config vars.',
  EAGAIN:
    'the system allows no more processes. Scale down, stop other programs, or raise the limit (ulimit -u).',
  EMFILE: 'too many files are open. Scale down, or raise the limit (ulimit -n).',
  ENFILE: 'too many files are open on this machine. Stop other programs.',
  EACCES: "the app's folder may not be entered. Give yourself the right to: chmod u+x FOLDER.",
  ENOENT: '/bin/sh does not exist. Install a POSIX shell.',
  ENOMEM: 'there is no memory left. Scale down, or stop other programs.',
  ERR_INVALID_ARG_VALUE:
    'the command or a config var holds a NUL byte, which no environment can. Remove it.',
};
