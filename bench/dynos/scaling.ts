/** One to a hundred sleeping dynos, beside a bare loop of `spawn`, and what a hundred idle ones cost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Manifest } from '../../src/runtime/engine/engine.js';
import { LocalEngine } from '../../src/runtime/engine/local/local-engine.js';
import { percentile } from '../bench.js';

export const DYNOS = 100;
export const SAMPLED = 30;
const ROUNDS = 5;
const IDLE_SECONDS = 20;
const COMMAND = 'exec sleep 1000';
const MB = 1024 * 1024;

export interface Scaling {
  /** ms until all run: the medians of the rounds. */
  readonly bareLoop: number;
  readonly engine: number;
  /** MB of our resident memory per dyno. */
  readonly memory: number;
  /** Percent of a core while all are idle, with the metrics on. */
  readonly idleCpu: number;
  /** Percent of a core that it takes to look at some of them. */
  readonly samplingCpu: number;
}

export async function measureScaling(): Promise<Scaling> {
  // Memory first: later it would be found in what earlier rounds left free.
  const before = process.memoryUsage.rss();
  let memory = 0;
  let idleCpu = 0;
  await engineRound(async () => {
    memory = (process.memoryUsage.rss() - before) / DYNOS / MB;
    idleCpu = await cpuOver(IDLE_SECONDS);
  });
  let samplingCpu = 0;
  await engineRound(async () => {
    samplingCpu = await cpuOver(IDLE_SECONDS);
  }, SAMPLED);
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await bareLoop());
    ours.push(await engineRound(async () => undefined));
  }
  return {
    bareLoop: percentile(bare, 0.5),
    engine: percentile(ours, 0.5),
    memory,
    idleCpu,
    samplingCpu,
  };
}

async function bareLoop(): Promise<number> {
  const start = performance.now();
  const children: ChildProcess[] = [];
  for (let index = 0; index < DYNOS; index += 1) {
    children.push(spawn('/bin/sh', ['-c', COMMAND], { detached: true }));
  }
  const elapsed = performance.now() - start;
  const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ended);
  return elapsed;
}

/** @returns ms from the wish for so many until all are up; `whileUp` runs then */
async function engineRound(whileUp: () => Promise<void>, count = DYNOS): Promise<number> {
  let up = 0;
  let allUp: () => void = () => undefined;
  const listener = {
    dynoChanged: (dyno: { status: { state: string } }) => {
      if (dyno.status.state === 'up') up += 1;
      if (up === count) allUp();
    },
    log: () => undefined,
  };
  const engine = new LocalEngine(listener, {
    environment: process.env,
    basePort: 30_000,
    metrics: () => true,
  });
  await engine.apply(wish(1));
  const start = performance.now();
  const done = new Promise<void>((resolve) => {
    allUp = resolve;
  });
  await engine.apply(wish(count));
  await done;
  const elapsed = performance.now() - start;
  await whileUp();
  await engine.close();
  return elapsed;
}

async function cpuOver(seconds: number): Promise<number> {
  const before = process.cpuUsage();
  await pause(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / seconds / 0.01;
}

function wish(quantity: number): Manifest {
  return {
    app: { id: 'bench', name: 'bench' },
    release: { version: 1, createdAt: 0 },
    slug: { kind: 'directory', directory: '/' },
    config: {},
    preboot: false,
    processes: [{ type: 'sleeper', command: COMMAND, quantity, size: 'Standard-1X', index: 0 }],
  };
}
