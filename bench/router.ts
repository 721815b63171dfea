/**
 * The router against nginx, HAProxy and http-proxy, doing the same work before the same origins: CPU
 * time per request, throughput, latency at half load, and memory with idle connections.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, type BenchClaim, type BenchResult, percentile } from './bench.js';
import {
  LARGE,
  type MeasuredProxy,
  startHaproxy,
  startNginxProxy,
  startOrigins,
  startRole,
} from './router/proxies.js';
import { play } from './router/roles.js';
import { idleMemory, type Load, load, type Measure, streamMemory } from './router/wrk.js';

const PROGRAM = fileURLToPath(import.meta.url);
const ROUNDS = 2;
/** Of the runs that tell the latency: one pause of the machine is the p99 of a whole run. */
const HALF_ROUNDS = 5;
const IDLE = 10_000;
const STREAMED = 10_000_000_000;

const LOADS = {
  small: { path: '/', connections: 32, seconds: 3 },
  crowd: { path: '/', connections: 1000, seconds: 3 },
  large: { path: '/large', connections: 8, seconds: 2 },
} as const satisfies Record<string, Load>;

type Kind = keyof typeof LOADS | 'half';

export const name: Bench['name'] = 'router';

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-bench-router-'));
  chmodSync(folder, 0o755); // where root measures, nginx works as another user
  const origins = await startOrigins(folder);
  const proxies: MeasuredProxy[] = [];
  try {
    proxies.push(await startNginxProxy(folder, origins.ports));
    const haproxy = await startHaproxy(folder, origins.ports);
    if (haproxy) proxies.push(haproxy);
    proxies.push(await startRole('http-proxy, keep-alive', PROGRAM, 'http-proxy', origins.ports));
    proxies.push(await startRole('paas', PROGRAM, 'paas', origins.ports));
    const found = await measure(proxies, folder);
    const memory = {
      idle: await idleMemory(proxies.at(-1)!, IDLE),
      streaming: await measureStream(),
    };
    return report(proxies, found, memory);
  } finally {
    for (const proxy of proxies) await proxy.stop();
    await origins.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Memory of a router of its own while one long answer passes. */
async function measureStream(): Promise<number> {
  const origin = await startRole('origin', PROGRAM, 'stream', []);
  try {
    const router = await startRole('paas', PROGRAM, 'paas', [origin.port]);
    try {
      return await streamMemory(router, STREAMED);
    } finally {
      await router.stop();
    }
  } finally {
    await origin.stop();
  }
}

type Found = (proxy: string, kind: Kind) => Measure;

/** Each proxy in turn, some rounds, the first to warm up; then all at half of our own maximum. */
async function measure(proxies: readonly MeasuredProxy[], folder: string): Promise<Found> {
  const all = new Map<string, Measure[]>();
  const once = async (proxy: MeasuredProxy, kind: Kind, what: Load) => {
    const key = `${proxy.name} ${kind}`;
    all.set(key, [...(all.get(key) ?? []), await load(proxy, what, folder)]);
  };
  for (const proxy of proxies) await load(proxy, LOADS.small, folder);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of ['small', 'crowd', 'large'] as const) {
      for (const proxy of proxies) await once(proxy, kind, LOADS[kind]);
    }
  }
  const found: Found = (proxy, kind) => median(all.get(`${proxy} ${kind}`)!);
  const most = found('paas', 'small').perSecond;
  const pause = (2 * LOADS.small.connections * 1000) / most;
  for (let round = 0; round < HALF_ROUNDS; round += 1) {
    for (const proxy of proxies) await once(proxy, 'half', { ...LOADS.small, pause });
  }
  return found;
}

function median(measures: readonly Measure[]): Measure {
  const of = (value: (measure: Measure) => number) => percentile(measures.map(value), 0.5);
  return {
    perSecond: of(({ perSecond }) => perSecond),
    cpu: of(({ cpu }) => cpu),
    p99: of(({ p99 }) => p99),
    failures: measures.reduce((sum, { failures }) => sum + failures, 0),
  };
}

function report(
  proxies: readonly MeasuredProxy[],
  found: Found,
  memory: { readonly idle: number; readonly streaming: number },
): BenchResult {
  const megabytes = (proxy: string) => (found(proxy, 'large').perSecond * LARGE) / 1e6;
  const [nginx, own] = [proxies[0]!.name, 'paas'];
  const httpProxy = 'http-proxy, keep-alive';
  const rows = proxies.map(({ name: proxy }) => ({
    name: proxy,
    values: {
      'requests/s': Math.round(found(proxy, 'small').perSecond),
      'CPU µs': found(proxy, 'small').cpu,
      'x nginx': found(proxy, 'small').cpu / found(nginx, 'small').cpu,
      'requests/s, 1,000 at once': Math.round(found(proxy, 'crowd').perSecond),
      'MB/s, 1 MB bodies': Math.round(megabytes(proxy)),
      'p99 ms at half load': found(proxy, 'half').p99,
      failures: (['small', 'crowd', 'large', 'half'] as const)
        .map((kind) => found(proxy, kind).failures)
        .reduce((sum, count) => sum + count, 0),
    },
  }));
  const claims: BenchClaim[] = [
    {
      claim: 'CPU time per request against one nginx worker',
      measured: found(own, 'small').cpu / found(nginx, 'small').cpu,
      limit: 3,
      bound: 'at-most',
    },
    {
      claim: 'requests per second against http-proxy with keep-alive',
      measured: found(own, 'small').perSecond / found(httpProxy, 'small').perSecond,
      limit: 2.5,
      bound: 'at-least',
    },
    {
      claim: 'p99 at half of our maximum against nginx at the same rate',
      measured: found(own, 'half').p99 / found(nginx, 'half').p99,
      limit: 3,
      bound: 'at-most',
    },
    {
      claim: 'throughput of 1 MB bodies against nginx',
      measured: megabytes(own) / megabytes(nginx),
      limit: 0.7,
      bound: 'at-least',
    },
    {
      claim: `MB with ${IDLE} idle connections`,
      measured: memory.idle,
      limit: 300,
      bound: 'at-most',
    },
    {
      claim: 'MB at most while 10 GB stream through',
      measured: memory.streaming,
      limit: 200,
      bound: 'at-most',
    },
  ];
  return {
    title: 'Router: the same work before three origins, on loopback',
    columns: Object.keys(rows[0]!.values),
    rows,
    claims,
    notes: [
      'Origins: one nginx worker on three ports. Load: wrk, one thread; 32 connections unless said.',
      `Median of ${ROUNDS} rounds in turn, of ${HALF_ROUNDS} at half load; CPU is user and system time of /proc.`,
      'nginx and paas make a log line per request; the cache of paas is on, the answers are not for it.',
    ],
  };
}

if (process.send !== undefined && process.argv[1] === PROGRAM) {
  const { role, origins } = JSON.parse(process.argv[2]!) as { role: string; origins: number[] };
  process.send(await play(role, origins));
}
