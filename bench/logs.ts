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
import { type DrainResult, drainThroughput } from './logs/drain.js';
import { type FairnessResult, fairness, QUIET } from './logs/fairness.js';
import { END, type FloodResult, flood, floodLine, LINES, type Tool } from './logs/flood.js';
import { DeadDrains, stoppedTerminal } from './logs/hardship.js';

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
  const fair = await measureFairness({ ...tools[0]!, folder: fairFolder(folder) });
  const paced = await drainThroughput('paced');
  const flooded = await drainThroughput('flood');
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
      ...fair.flatMap(({ title, result }) => [
        atMost(`ms that a quiet line waits, ${title}`, result.longestWait, 100),
        atMost(`peak MB, ${title}`, result.megabytes, 200),
      ]),
      atLeast('messages/s through an HTTP drain', paced.messagesPerSecond, 50_000),
      atMost('messages lost below the limit of its buffer', paced.lost, 0),
      atMost(
        'messages lost beyond it and not told to the drain',
        untold(flooded, 'toldToDrain'),
        0,
      ),
      atMost('messages lost beyond it and not told to the log', untold(flooded, 'toldToLog'), 0),
    ],
    notes: [
      `Median of ${ROUNDS} floods each, interleaved (foreman: one), read through a pipe as fast as they come.`,
      'paas writes its history to disk meanwhile; the others keep nothing.',
      `Quiet lines, measured for ${FAIR_SECONDS} s each, two seconds after the start:`,
      ...fair.map(
        ({ title, result }) =>
          `  ${title}: ${result.lines} lines, median wait ${result.medianWait} ms`,
      ),
      `Dead drains: a closed port, one that never reads, one that never answers.`,
      `Beyond its buffer the drain lost ${flooded.lost.toLocaleString('en')} of 500,000 messages.`,
      `Not measured: ${missing()}.`,
    ],
  };
}

async function measureFairness(tool: Tool): Promise<{ title: string; result: FairnessResult }[]> {
  const drains = await DeadDrains.open();
  try {
    const fast = await fairness(tool, FAST_READER, FAIR_SECONDS);
    const slow = await fairness(tool, SLOW_READER, FAIR_SECONDS, () => drains.addTo(tool));
    const stopped = await stoppedTerminal(tool, FAIR_SECONDS);
    return [
      { title: '20 floods', result: fast },
      { title: '20 floods, reader at 1 MB/s, three dead drains', result: slow },
      { title: '20 floods, stopped terminal, three dead drains', result: stopped },
    ];
  } finally {
    drains.close();
  }
}

/** How far what was told is from what was lost. */
function untold(result: DrainResult, told: 'toldToDrain' | 'toldToLog'): number {
  return Math.abs(result.lost - result[told]);
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
