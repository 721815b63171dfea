/** The real binary, run as a user would: `paas local start` in a folder, and commands beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeFolder, removeFolder } from './folders.js';
import { until } from './until.js';

/** The program that package.json names. */
export const BINARY = resolve(import.meta.dirname, '../../bin/run.js');

if (!existsSync(resolve(BINARY, '../../dist'))) throw new Error('Build first: npm run build.');

/** What a command that ended has left. */
export interface Ended {
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An app's folder, a registry that no other test shares, and what runs there. */
export class Desk {
  readonly folder: string;
  /** What its commands are started with. A test may change it. */
  readonly environment: NodeJS.ProcessEnv;
  private readonly registry = makeFolder();
  private readonly started: Running[] = [];

  private constructor(files: Readonly<Record<string, string>>) {
    this.folder = makeFolder(files);
    const { FORCE_COLOR: _, PORT: __, PAAS_APP: ___, ...inherited } = process.env;
    this.environment = { ...inherited, PAAS_RUNTIME_DIR: this.registry, NO_COLOR: '1' };
  }

  /** For the test that runs now. @param files of the app: `{ Procfile: 'web: node server.js' }` */
  static with(files: Readonly<Record<string, string>> = {}): Desk {
    const desk = new Desk(files);
    onTestFinished(() => desk.close());
    return desk;
  }

  /** For all tests of a file: made in `beforeAll`, closed in `afterAll`. */
  static lasting(files: Readonly<Record<string, string>>): Desk {
    return new Desk(files);
  }

  /** Records and sockets in the registry: none when nothing runs. Beside them wait unused pipes. */
  get registered(): string[] {
    return readdirSync(this.registry).filter((name) => name !== 'pipes');
  }

  /** Ends what runs, the last first, and removes the folders. */
  async close(): Promise<void> {
    for (const running of this.started.reverse()) await running.end();
    for (const folder of [this.folder, this.registry]) removeFolder(folder);
  }

  /** Runs a command to its end. */
  async paas(...words: string[]): Promise<Ended> {
    return this.spawn(words).ended;
  }

  /** Runs a command to its end; its JSON. */
  async json<T>(...words: string[]): Promise<T> {
    const { stdout, stderr, exitStatus } = await this.paas(...words, '--json');
    if (exitStatus !== 0) throw new Error(`paas ${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Starts a command, or another program. @param options `input` is all that it reads */
  spawn(words: readonly string[], options: { input?: string; program?: string } = {}): Running {
    const { program } = options;
    const ours = [process.execPath, BINARY] as const;
    const [file, ...first] = program === undefined ? ours : [program];
    const child = spawn(file, [...first, ...words], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A command that reads nothing may end before this is written.
    child.stdin.on('error', () => {}).end(options.input ?? '');
    const running = new Running(child);
    this.started.push(running);
    return running;
  }

  /** Starts the platform on a port of the system's choice and waits until it listens. */
  async start(...words: string[]): Promise<Platform> {
    const running = this.spawn(['local', 'start', '-p', '0', ...words]);
    const [, port = ''] = await running.says(/Listening at https?:\/\/\S+:(\d+)\//);
    const platform = new Platform(running, Number(port));
    // The record says the URL once everything is up.
    await until(async () => (await this.json<{ web_url: string }[]>('apps')).length > 0);
    return platform;
  }
}

/** A command that runs. */
export class Running {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (exitStatus) => {
        resolve({ exitStatus, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits until stdout matches; fails with what it said when it ends before that. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(
      () => {
        const found = pattern.exec(this.stdout);
        if (!found && this.child.exitCode !== null) {
          throw new Error(
            `ended with ${this.child.exitCode} before ${pattern}:\n${this.stdout}${this.stderr}`,
          );
        }
        return found ?? undefined;
      },
      () => `${pattern} in:\n${this.stdout}${this.stderr}`,
    );
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it in good order, or else by force. */
  async end(): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('SIGINT');
    const force = setTimeout(() => this.signal('SIGKILL'), 10_000);
    const ended = await this.ended;
    clearTimeout(force);
    return ended;
  }
}

/** What came back from an HTTP request. */
export interface Fetched {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A platform that listens. */
export class Platform {
  constructor(
    readonly running: Running,
    readonly port: number,
  ) {}

  /** GETs a path through the router. */
  fetch(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Fetched> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: this.port, path, headers, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      }).on('error', reject);
    });
  }
}
