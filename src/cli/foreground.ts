/**
 * A platform in the foreground: its log on the terminal, its end by signals. The first Ctrl-C (or
 * SIGTERM, SIGHUP) stops it in good order, a second one at once.
 */
import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { isSystemError } from '../runtime/errors.js';
import type { Brake } from '../runtime/logplex/brake.js';
import type { Dyno, LogMessage } from '../runtime/model.js';
import { ExitStatus } from './failure.js';
import { createFormat, type FormatName } from './log/format.js';
import { standardOutput } from './log/outlet.js';
import type { ColourMode } from './log/palette.js';
import { Terminal } from './log/terminal.js';

/** What a platform tells while it runs. */
export interface ForegroundListener {
  /** Gives the platform as soon as it can be closed, which is before it has started. */
  readonly opened: (platform: ForegroundPlatform) => void;
  readonly dynoChanged: (dyno: Dyno) => void;
  readonly log: (message: LogMessage) => void;
  readonly formationChanged: (types: readonly string[], dynos: readonly string[]) => void;
}

/** As much of the runtime as is needed here. */
export interface ForegroundPlatform {
  /** Holds a flooding dyno back for the terminal. */
  readonly brake: Brake;
  close(now?: AbortSignal): Promise<void>;
}

export interface ForegroundOptions {
  readonly format: FormatName;
  readonly timestamps: 'shown' | 'hidden';
  readonly colour: ColourMode;
  /** What the exit of a dyno means: foreman's rule is `end`. */
  readonly onExit: 'restart' | 'end';
}

/** ms that the terminal may stand still at the end before what waits for it is given up. */
const LAST_WORDS = 1000;

/** A user who presses Ctrl-C meant it: that is a clean end. The others are 128 + signal. */
const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGINT: 0,
  SIGTERM: 128 + constants.signals.SIGTERM,
  SIGHUP: 128 + constants.signals.SIGHUP,
};

/**
 * Runs a platform until a signal or its own rule ends it.
 * @throws ExitStatus with the status to end with, once nothing is left running
 */
export async function foreground(
  start: (listener: ForegroundListener) => Promise<unknown>,
  options: ForegroundOptions,
): Promise<void> {
  const end = new End();
  let platform: ForegroundPlatform | undefined;
  const look = { ...options, screen: isatty(1) };
  const terminal = new Terminal({
    outlet: standardOutput(ownStdout),
    format: createFormat(options.format, { ...look, types: [], names: [] }),
    brake: {
      hold: (process) => platform?.brake.hold(process),
      release: () => platform?.brake.release(),
    },
    onGone: (error) => {
      if (isSystemError(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) tellFull(error);
      else end.ask(SIGNALS.SIGHUP ?? 1);
    },
  });
  const stopListening = listenForSignals(end);
  try {
    const started = start({
      opened: (opening) => {
        platform = opening;
        // Asked while there was nothing yet to close: what is opened now goes no further.
        void end.asked.then(() => opening.close(end.now));
      },
      log: (message) => terminal.write(message),
      // So that the first line is aligned with the last, and a colour stays with its type.
      formationChanged: (types, names) =>
        terminal.setFormat(createFormat(options.format, { ...look, types, names })),
      dynoChanged: (dyno) => {
        if (options.onExit === 'end') endOnExit(dyno, end);
      },
    });
    // A start may take long (a release command, a database): Ctrl-C does not wait for it.
    await Promise.race([started, end.asked]);
    const exitStatus = await end.asked;
    await platform?.close(end.now);
    await started.catch(() => undefined); // it was cut off on purpose
    throw new ExitStatus(exitStatus);
  } finally {
    stopListening();
    await terminal.close(LAST_WORDS);
  }
}

/**
 * The front door ends a command at once when its reader has gone (`paas logs | head`). A platform
 * hears of it from its terminal, and stops its dynos in good order.
 */
function ownStdout(): NodeJS.WriteStream {
  return process.stdout.removeAllListeners('error');
}

/** A log that was led into a file on a full disk is no reason to stop the app. */
function tellFull({ code }: NodeJS.ErrnoException): void {
  process.stderr.write(
    `Can't write the log to where stdout leads (${code}). The app runs on; \`paas logs --tail\` shows the rest.\n`,
  );
}

/** The wish to end: asked once, and once more for an end without grace. */
class End {
  private readonly controller = new AbortController();
  private resolve: (exitStatus: number) => void = () => undefined;
  private state: 'running' | 'ending' = 'running';
  readonly asked = new Promise<number>((resolve) => {
    this.resolve = resolve;
  });

  constructor() {
    // Every dyno listens to it.
    setMaxListeners(0, this.controller.signal);
  }

  get now(): AbortSignal {
    return this.controller.signal;
  }

  ask(exitStatus: number): void {
    if (this.state === 'ending') return;
    this.state = 'ending';
    this.resolve(exitStatus);
  }

  /** A signal: the first one asks, the second one hurries. */
  signal(exitStatus: number): void {
    if (this.state === 'ending') this.controller.abort();
    this.ask(exitStatus);
  }
}

function listenForSignals(end: End): () => void {
  const listeners = Object.entries(SIGNALS).map(([signal, exitStatus]) => {
    const listener = () => end.signal(exitStatus);
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}

/** Foreman's rule: one exit ends all, and its status is ours. */
function endOnExit({ type, status }: Dyno, end: End): void {
  if (type === 'run' || type === 'release') return;
  if (status.state === 'crashed') end.ask(status.exitStatus);
}
