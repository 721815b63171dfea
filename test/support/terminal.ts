/** A command of the real program on a terminal, as a person has it. */
import { type IPty, spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { BINARY, type Desk } from './paas.js';
import { until } from './until.js';

export class OnTerminal {
  /** Everything that was shown, with its control sequences. */
  shown = '';
  readonly ended: Promise<number>;
  private readonly pty: IPty;

  /** Types the words behind `paas`, in the app's folder. */
  constructor(desk: Desk, words: readonly string[], size = { cols: 80, rows: 24 }) {
    const { folder: cwd, environment } = desk;
    const env = { ...environment, TERM: 'xterm-256color' };
    this.pty = spawn(process.execPath, [BINARY, ...words], { cwd, env, ...size });
    this.pty.onData((text) => {
      this.shown += text;
    });
    this.ended = new Promise((resolve) => this.pty.onExit(({ exitCode }) => resolve(exitCode)));
    onTestFinished(() => this.pty.kill('SIGKILL'));
  }

  /** Waits until the screen has shown it. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(
      () => pattern.exec(this.shown) ?? undefined,
      () => `${pattern} in:\n${this.shown}`,
    );
  }

  type(keys: string): void {
    this.pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.pty.resize(columns, rows);
  }
}
