/** Load by wrk, and what the loaded process spent on it. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MeasuredProxy } from './proxies.js';

const run = promisify(execFile);

/** Ticks of /proc per second on every Linux that Node runs on. */
const TICKS = 100;

/** One run of the load. */
export interface Load {
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  /** ms that each connection waits between two requests: a rate below the maximum. */
  readonly pause?: number;
}

/** What it gave. */
export interface Measure {
  readonly perSecond: number;
  /** User and system time of the proxy per request, µs. */
  readonly cpu: number;
  /** 99th percentile of the latency, ms. */
  readonly p99: number;
  /** Answers other than 2xx and 3xx, and errors of sockets. */
  readonly failures: number;
}

/** @param folder for wrk's script */
export async function load(proxy: MeasuredProxy, what: Load, folder: string): Promise<Measure> {
  const before = cpuSeconds(proxy.pid);
  const script = join(folder, 'pause.lua');
  if (what.pause !== undefined) {
    writeFileSync(script, `function delay() return ${Math.round(what.pause)} end\n`);
  }
  const { stdout } = await run('wrk', [
    '-t1',
    `-c${what.connections}`,
    `-d${what.seconds}s`,
    '--latency',
    ...(what.pause === undefined ? [] : ['-s', script]),
    `http://127.0.0.1:${proxy.port}${what.path}`,
  ]);
  const spent = cpuSeconds(proxy.pid) - before;
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    stdout,
  );
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1] ?? 0),
    cpu: (spent * 1e6) / requests,
    p99: milliseconds(/99%\s+(\S+)/.exec(stdout)?.[1] ?? ''),
    failures:
      Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0) +
      (errors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
  };
}

/** Resident memory with so many idle connections, MB. */
export async function idleMemory(proxy: MeasuredProxy, connections: number): Promise<number> {
  const sockets: Socket[] = [];
  while (sockets.length < connections) {
    const batch = Array.from({ length: 100 }, () => connect(proxy.port, '127.0.0.1'));
    sockets.push(...batch);
    await Promise.all(batch.map((socket) => once(socket, 'connect')));
  }
  const held = resident(proxy);
  for (const socket of sockets) socket.destroy();
  return held;
}

/** The most resident memory while so many bytes stream through, MB. */
export async function streamMemory(proxy: MeasuredProxy, bytes: number): Promise<number> {
  let most = resident(proxy);
  const watch = setInterval(() => {
    most = Math.max(most, resident(proxy));
  }, 50);
  const got = await new Promise<number>((resolve, reject) => {
    let sum = 0;
    const socket = connect({
      port: proxy.port,
      host: '127.0.0.1',
      onread: {
        buffer: Buffer.alloc(262_144),
        callback: (length) => {
          sum += length;
          return true;
        },
      },
    });
    socket.on('error', reject).on('close', () => resolve(sum));
    socket.write(`GET /${bytes} HTTP/1.1\r\nHost: bench.localhost\r\nConnection: close\r\n\r\n`);
  });
  clearInterval(watch);
  if (got < bytes) throw new Error(`Only ${got} of ${bytes} bytes came through.`);
  return most;
}

/** Resident memory, MB. */
function resident({ pid }: MeasuredProxy): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** wrk's `1.52ms`, `730.00us`, `1.10s`. */
function milliseconds(text: string): number {
  const [, number, unit] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(number) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1);
}
