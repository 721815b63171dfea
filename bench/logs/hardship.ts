/** What makes a log slow: drains that are dead in three ways, and a terminal that was stopped. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import { type FairnessResult, resultOf, WARM_UP, waitOf } from './fairness.js';
import type { Tool } from './flood.js';

/** What Ctrl-S sends. */
const XOFF = '\x13';

/** Three dead drains: one that nobody answers at, one that never reads, one that never answers. */
export class DeadDrains {
  private constructor(
    private readonly servers: readonly Server[],
    readonly urls: readonly string[],
  ) {}

  static async open(): Promise<DeadDrains> {
    const deaf = createServer((socket) => socket.on('error', () => undefined).pause());
    const mute = createHttpServer((request) => request.resume());
    const gone = createServer();
    const [one, two, three] = await Promise.all([deaf, mute, gone].map(portOf));
    await new Promise((resolve) => gone.close(resolve));
    const urls = [
      `syslog://127.0.0.1:${one}`,
      `http://127.0.0.1:${two}/`,
      `http://127.0.0.1:${three}/`,
    ];
    return new DeadDrains([deaf, mute], urls);
  }

  /** Gives them to the app that runs in the tool's folder. */
  async addTo(tool: Tool): Promise<void> {
    await running(tool);
    for (const url of this.urls) await command(tool, 'drains:add', url);
  }

  close(): void {
    for (const server of this.servers) server.close().unref();
  }
}

/**
 * How long lines of the quiet process wait on their way to `paas logs --tail`, while the terminal
 * of the platform stands still.
 */
export async function stoppedTerminal(tool: Tool, seconds: number): Promise<FairnessResult> {
  const terminal = spawnOnTerminal(tool.program, [...tool.words], {
    cwd: tool.folder,
    env: { ...process.env, ...tool.environment },
  });
  terminal.onData(() => undefined);
  const exit = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  try {
    await running(tool);
    terminal.write(XOFF);
    const tail = spawn(tool.program, [tool.words[0]!, 'logs', '--tail', '-n', '0', '-p', 'quiet'], {
      cwd: tool.folder,
      env: { ...process.env, ...tool.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const waits = await tailWaits(tail, seconds);
    return resultOf(waits, terminal.pid);
  } finally {
    terminal.kill('SIGTERM');
    await Promise.race([exit, sleep(10_000)]);
  }
}

async function tailWaits(tail: ChildProcess, seconds: number): Promise<number[]> {
  const waits: number[] = [];
  let begun = Number.POSITIVE_INFINITY;
  const timer = setTimeout(() => tail.kill(), (WARM_UP + seconds) * 1000);
  for await (const line of createInterface({ input: tail.stdout! })) {
    const now = Date.now();
    begun = Math.min(begun, now + WARM_UP * 1000);
    const wait = waitOf(line, now);
    if (wait !== undefined && now >= begun) waits.push(wait);
  }
  clearTimeout(timer);
  return waits;
}

async function running(tool: Tool): Promise<void> {
  for (;;) {
    try {
      await command(tool, 'ps');
      return;
    } catch {
      await sleep(100);
    }
  }
}

async function command(tool: Tool, ...words: string[]): Promise<void> {
  await promisify(execFile)(tool.program, [tool.words[0]!, ...words], {
    cwd: tool.folder,
    env: { ...process.env, ...tool.environment },
  });
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
