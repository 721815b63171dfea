/** An app that runs behind the real `paas local start`, for tests of the commands beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandEnded,
  type CommandOptions,
  PAAS,
  paas,
  plainEnvironment,
} from './command-line.js';

export class RunningApp {
  private constructor(
    readonly directory: string,
    private readonly runtimeFolder: string,
    private readonly platform: ChildProcess,
  ) {}

  /**
   * Starts the app in a folder of its own, with a registry of its own, and waits until it listens.
   * @param files text by name: Procfile, .env …
   */
  static async start(files: Readonly<Record<string, string>>): Promise<RunningApp> {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'paas-app-')));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(base, name), text);
    const runtimeFolder = mkdtempSync(join(tmpdir(), 'paas-run-'));
    const platform = spawn(process.execPath, [PAAS, 'local', 'start', '-p', '0'], {
      cwd: base,
      env: plainEnvironment({ PAAS_RUNTIME_DIR: runtimeFolder }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const app = new RunningApp(base, runtimeFolder, platform);
    await app.says('Listening at');
    platform.stdout?.resume();
    return app;
  }

  /** Runs a command in the app's folder. */
  paas(words: readonly string[], options: CommandOptions = {}): Promise<CommandEnded> {
    const environment = { PAAS_RUNTIME_DIR: this.runtimeFolder, ...options.environment };
    return paas(words, { directory: this.directory, ...options, environment });
  }

  /** The environment in which commands find this app. */
  get environment(): Record<string, string> {
    return plainEnvironment({ PAAS_RUNTIME_DIR: this.runtimeFolder });
  }

  /** Ends the app as Ctrl-C does. @returns its exit status */
  async stop(): Promise<number | null> {
    if (this.platform.exitCode === null) {
      const exit = once(this.platform, 'exit');
      this.platform.kill('SIGINT');
      await exit;
    }
    for (const folder of [this.directory, this.runtimeFolder]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    return this.platform.exitCode;
  }

  private async says(text: string): Promise<void> {
    let said = '';
    for await (const chunk of this.platform.stdout!.iterator({ destroyOnReturn: false })) {
      said += String(chunk);
      if (said.includes(text)) return;
    }
    throw new Error(`The app ended before it said "${text}": ${said}`);
  }
}
