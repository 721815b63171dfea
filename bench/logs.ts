/**
 * What Logplex carries: a flood through one dyno with history on, against other runners that keep
 * nothing; a quiet dyno among twenty floods; a drain.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bench,
  type BenchClaim,
  type BenchResult,
  type BenchRow,
  percentile,
} from './bench.js';
import { drainThroughput } from './logs/drain.js';
import { fairness, QUIET } from './logs/fairness.js';
import { END, type FloodResult, flood, floodLine, LINES, type Tool } from './logs/flood.js';

const ROUNDS = 3;
const FLOODS = 20;
const FAIR_SECONDS = 8;
const SLOW_READER = 1_000_000;
const FAST_READER = 1_000_000_000;

const PAAS = join(process.cwd(), 'bin', 'run.js');
const PACKAGES = join(process.cwd(), 'node_modules');

export const name: Bench['name'] = 'logs';

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-bench-logs-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(folder: string): Promise<BenchResult> {
  const tools = contenders(floodFolder(folder), folder);
  const results = new Map<string, FloodResult[]>(tools.map(({ title }) => [title, []]));
  // Interleaved: what else the machine does hits all of them alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const tool of tools) {
      if (round === 0 || tool.title !== 'foreman') results.get(tool.title)?.push(await flood(tool));
    }
  }
  const paas = { ...tools[0]!, folder: fairFolder(folder) };
  const fast = await fairness(paas, FAST_READER, FAIR_SECONDS);
  const slow = await fairness(paas, SLOW_READER, FAIR_SECONDS);
  const drain = await drainThroughput();
  const rows = [...results].map(([title, found]) => row(title, found));
  const of = (title: string) => Number(rows.find((one) => one.name === title)?.values['lines/s']);
  const ours = results.get('paas local start') ?? [];
  return {
    title: `Logs: ${LINES.toLocaleString('en')} lines of 100 bytes through one process`,
    columns: ['lines/s', 'broken', 'missing', 'peak MB'],
    rows,
    claims: [
      atLeast('lines/s of node-foreman', of('paas local start') / of('node-foreman'), 4),
      atLeast('lines/s of concurrently', of('paas local start') / of('concurrently'), 0.5),
      atMost('lines of paas broken or lost', sum(ours.map((one) => one.broken + one.missing)), 0),
      atMost('peak MB of paas in a flood', Math.max(...ours.map((one) => one.megabytes)), 150),
      atMost('ms that a quiet line waits, 20 floods', fast.longestWait, 100),
      atMost('ms that a quiet line waits, reader at 1 MB/s', slow.longestWait, 100),
      atMost('peak MB, 20 floods', fast.megabytes, 200),
      atMost('peak MB, 20 floods, reader at 1 MB/s', slow.megabytes, 200),
      atLeast('messages/s through an HTTP drain', drain.messagesPerSecond, 50_000),
      atMost('messages that the drain lost', drain.lost, 0),
    ],
    notes: [
      `Median of ${ROUNDS} floods each, interleaved (foreman: one), read through a pipe as fast as they come.`,
      'paas writes its history to disk meanwhile; the others keep nothing.',
      `Quiet lines: ${fast.lines} and ${slow.lines} of them, ${FAIR_SECONDS} s each. Not measured: ${missing()}.`,
    ],
  };
}

function contenders(app: string, folder: string): Tool[] {
  const tool = (title: string, program: string, ...words: string[]): Tool => ({
    title,
    program,
    words,
    folder: app,
    environment: { PAAS_RUNTIME_DIR: join(folder, 'registry'), NO_COLOR: '1' },
  });
  const node = process.execPath;
  const concurrently = join(PACKAGES, 'concurrently', 'dist', 'bin', 'concurrently.js');
  return [
    tool('paas local start', node, PAAS, 'local', 'start', '-p', '0'),
    tool('node-foreman', node, join(PACKAGES, 'foreman', 'nf.js'), 'start', '-p', '7600'),
    tool('concurrently', node, concurrently, 'sh flood.sh'),
    ...['foreman', 'hivemind', 'overmind']
      .filter(isInstalled)
      .map((program) => tool(program, program, 'start')),
  ];
}

function floodFolder(folder: string): string {
  const app = join(folder, 'flood');
  mkdirSync(app);
  const lines = Array.from({ length: LINES }, (_, at) => floodLine(at));
  writeFileSync(join(app, 'flood.txt'), `${lines.join('\n')}\n`);
  // It ends by itself: not every runner ends what it has started.
  writeFileSync(join(app, 'flood.sh'), `sleep 1; cat flood.txt; echo ${END}; sleep 3\n`);
  writeFileSync(join(app, 'Procfile'), 'flood: sh flood.sh\n');
  return app;
}

function fairFolder(folder: string): string {
  const app = join(folder, 'fair');
  mkdirSync(app);
  const floods = Array.from({ length: FLOODS }, (_, at) => `flood${at}: yes ${'x'.repeat(99)}`);
  writeFileSync(join(app, 'Procfile'), `${[...floods, `quiet: ${QUIET}`].join('\n')}\n`);
  return app;
}

function row(title: string, found: readonly FloodResult[]): BenchRow {
  return {
    name: title,
    values: {
      'lines/s': Math.round(
        percentile(
          found.map((one) => one.linesPerSecond),
          0.5,
        ),
      ),
      broken: Math.max(...found.map((one) => one.broken)),
      missing: Math.max(...found.map((one) => one.missing)),
      'peak MB': Math.round(Math.max(...found.map((one) => one.megabytes))),
    },
  };
}

function atLeast(claim: string, measured: number, limit: number): BenchClaim {
  return { claim, measured, limit, bound: 'at-least' };
}

function atMost(claim: string, measured: number, limit: number): BenchClaim {
  return { claim, measured, limit, bound: 'at-most' };
}

function missing(): string {
  return (
    ['foreman', 'hivemind', 'overmind'].filter((one) => !isInstalled(one)).join(', ') || 'none'
  );
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}
