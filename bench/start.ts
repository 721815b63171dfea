/**
 * How long one waits: for `paas --version`, for a command, and for the first line of a dyno after
 * `paas local start`, against bare Node and node-foreman; and what an idle platform costs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, type BenchResult, percentile } from './bench.js';
import { idleCost } from './start/idle.js';
import { type Contender, timeToEnd, timeToLine } from './start/timing.js';

const ROUNDS = 25;
const PAAS = join(process.cwd(), 'bin', 'run.js');
const FOREMAN = join(process.cwd(), 'node_modules', 'foreman', 'nf.js');

export const name: Bench['name'] = 'start';

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-bench-start-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(folder: string): Promise<BenchResult> {
  writeFileSync(
    join(folder, 'Procfile'),
    'ready: echo READY; exec sleep 60\none: exec sleep 60\ntwo: exec sleep 60\n',
  );
  const environment = { PAAS_RUNTIME_DIR: join(folder, 'registry') };
  const contender = (title: string, ...words: string[]): Contender => ({
    title,
    words,
    folder,
    environment,
  });
  const bare = contender('node -e 0', '-e', '0');
  const starts = [
    contender('paas local start, first line', PAAS, 'local', 'start', '-p', '0'),
    contender('node-foreman start, first line', FOREMAN, 'start', '-p', '7600'),
  ] as const;
  const ends = [
    bare,
    contender('paas --version', PAAS, '--version'),
    contender('paas apps', PAAS, 'apps'),
    contender('paas --help', PAAS, '--help'),
  ];
  const times = new Map<string, number[]>([...ends, ...starts].map(({ title }) => [title, []]));
  // Interleaved: what else the machine does hits all of them alike. The first round only warms.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const each of ends) keep(times, each, await timeToEnd(each), round);
    for (const each of starts) keep(times, each, await timeToLine(each, 'READY'), round);
  }
  const median = (title: string) => percentile(times.get(title) ?? [], 0.5);
  const ratio = (title: string, to: string) => median(title) / median(to);
  const idle = await idleCost(starts[0]);
  const [ours, theirs] = starts;
  return {
    title: 'Start',
    columns: ['median ms', 'p90 ms', 'x node'],
    rows: [
      ...[...times].map(([title, values]) => ({
        name: title,
        values: {
          'median ms': percentile(values, 0.5),
          'p90 ms': percentile(values, 0.9),
          'x node': ratio(title, bare.title),
        },
      })),
    ],
    claims: [
      {
        claim: 'paas --version, in times of node -e 0',
        measured: ratio('paas --version', bare.title),
        limit: 1.6,
        bound: 'at-most',
      },
      {
        claim: 'first line, in times of node-foreman',
        measured: ratio(ours.title, theirs.title),
        limit: 1,
        bound: 'at-most',
      },
      ...(idle.kind === 'measured'
        ? ([
            {
              claim: 'idle with 3 sleeping dynos, MB (PSS)',
              measured: idle.megabytes,
              limit: 70,
              bound: 'at-most',
            },
            {
              claim: 'idle with 3 sleeping dynos, % of a core',
              measured: idle.percent,
              limit: 0.2,
              bound: 'at-most',
            },
          ] as const)
        : []),
    ],
    notes: [
      `${ROUNDS} rounds, all in turn, medians; stdout is a pipe; three dynos, one of which prints a line.`,
      idle.kind === 'measured'
        ? `Idle: over ${idle.seconds} s, its guard included; pages of Node itself are shared with whatever other Node runs.`
        : idle.why,
      `Node ${process.version}; node-foreman 3.`,
    ],
  };
}

function keep(times: Map<string, number[]>, { title }: Contender, ms: number, round: number): void {
  if (round > 0) times.get(title)?.push(ms);
}
