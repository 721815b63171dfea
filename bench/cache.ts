/**
 * What a hit in the HTTP cache costs: against a bare node:http server that sends the same bytes,
 * against the same request passed to a dyno, and beside nginx and Varnish.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchResult, BenchRow } from './bench.js';
import { cpuMilliseconds, flood, rawHeadersOf } from './cache/load.js';
import { play } from './cache/roles.js';
import { type Server, startPeers, startRole } from './cache/servers.js';
import { BODIES, SIZES, type Size } from './cache/sizes.js';

const PROGRAM = fileURLToPath(import.meta.url);

const ROUNDS = 7;
const CONNECTIONS = 16;
const REQUESTS = { '1 kB': 6000, '64 kB': 2000 } as const;

export const name: Bench['name'] = 'cache';

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-bench-cache-'));
  // Where root measures, nginx and Varnish work as another user.
  chmodSync(folder, 0o755);
  const servers: Server[] = [];
  const notes: string[] = [];
  try {
    const dyno = await startRole(PROGRAM, 'dyno', []);
    servers.push(dyno);
    const hit = { ...(await startRole(PROGRAM, 'router', [dyno.port])), name: 'paas, hit' };
    const path = (size: Size) => `/pass/${size[0]}`;
    const pass = { ...hit, name: 'paas, passed: router alone', path };
    const whole = {
      ...pass,
      name: 'paas, passed: with the dyno',
      pids: [...hit.pids, ...dyno.pids],
    };
    servers.push(hit);
    const sent = await Promise.all(SIZES.map((size) => rawHeadersOf(hit.port, hit.path(size))));
    const bare = { ...(await startRole(PROGRAM, 'bare', sent)), name: 'bare node:http' };
    servers.push(bare);
    const peers = await startPeers(folder, dyno.port, notes);
    servers.push(...peers);
    const measured = [bare, hit, pass, whole, ...peers];
    const costs = await measure(measured);
    return report(measured, costs, notes);
  } finally {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Costs = Map<string, number>;

/**
 * CPU of each server per request, in µs: the least of some rounds, taken in turn. What else the machine
 * does only adds to it.
 */
async function measure(servers: readonly Server[]): Promise<Costs> {
  const rounds = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const server of servers) {
      for (const size of SIZES) {
        const before = spentBy(server);
        await flood(server.port, server.path(size), BODIES[size], CONNECTIONS, REQUESTS[size]);
        const spent = spentBy(server) - before;
        // The first round warms up.
        if (round === 0) continue;
        const key = `${server.name}, ${size}`;
        rounds.set(key, [...(rounds.get(key) ?? []), (spent * 1000) / REQUESTS[size]]);
      }
    }
  }
  return new Map([...rounds].map(([key, values]) => [key, Math.min(...values)]));
}

function spentBy({ pids }: Server): number {
  return pids.reduce((sum, pid) => sum + cpuMilliseconds(pid), 0);
}

function report(servers: readonly Server[], costs: Costs, notes: readonly string[]): BenchResult {
  const cost = (server: string, size: Size) => costs.get(`${server}, ${size}`)!;
  const rows: BenchRow[] = servers.map(({ name: server }) => ({
    name: server,
    values: Object.fromEntries(
      SIZES.flatMap((size) => [
        [`${size}: CPU µs`, cost(server, size)],
        [`${size}: x bare`, cost(server, size) / cost('bare node:http', size)],
      ]),
    ),
  }));
  const hitOverBare = (size: Size) => cost('paas, hit', size) / cost('bare node:http', size);
  return {
    title: 'HTTP cache: CPU of the server per request',
    columns: SIZES.flatMap((size) => [`${size}: CPU µs`, `${size}: x bare`]),
    rows,
    claims: [
      ...SIZES.map((size) => ({
        claim: `a hit of ${size} against a bare node:http server that sends the same bytes`,
        measured: hitOverBare(size),
        limit: 1.5,
        bound: 'at-most' as const,
      })),
      {
        claim: 'passing a request of 1 kB to a dyno (router and dyno) against a hit',
        measured: cost('paas, passed: with the dyno', '1 kB') / cost('paas, hit', '1 kB'),
        limit: 3,
        bound: 'at-least',
      },
    ],
    notes: [
      `${CONNECTIONS} kept-alive connections, the least of ${ROUNDS} rounds, time on a processor by /proc.`,
      'paas is its router with the cache, without a log; the dyno is the bare server, and does no work.',
      ...notes,
    ],
  };
}

if (process.send !== undefined && process.argv[1] === PROGRAM) {
  const { role, given } = JSON.parse(process.argv[2]!) as { role: string; given: unknown[] };
  process.send(await play(role, given));
}
