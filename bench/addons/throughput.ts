/** pgbench against two servers in turn. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { percentile } from '../bench.js';
import { type InstalledPostgres, withServerByHand } from './by-hand.js';

const ROUNDS = 5;
const SECONDS = 3;

export interface Throughput {
  /** Transactions per second, medians. */
  readonly addon: number;
  readonly byHand: number;
  /** The first in times of the second, round by round: the median. */
  readonly ratio: number;
  readonly rounds: number;
  readonly seconds: number;
}

/** @param url of the add-on's database */
export function transactionsPerSecond(
  postgres: InstalledPostgres,
  url: string,
): Promise<Throughput> {
  return withServerByHand(postgres, async (other) => {
    const program = join(postgres.bin, 'pgbench');
    for (const each of [url, other]) pgbench(program, ['-i', '-s', '5', '-q'], each);
    const addon: number[] = [];
    const byHand: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const into = round === 0 ? [[], []] : [addon, byHand]; // the first one only warms
      const turns = [url, other].map((each, index) => ({ each, to: into[index] }));
      // Who goes first gains or loses by what the machine did before: each does in turn.
      for (const { each, to } of round % 2 === 0 ? turns : turns.reverse()) {
        to?.push(measured(program, each));
      }
    }
    const median = (values: number[]) => percentile(values, 0.5);
    const ratio = median(addon.map((each, index) => each / (byHand[index] ?? each)));
    return {
      addon: median(addon),
      byHand: median(byHand),
      ratio,
      rounds: ROUNDS,
      seconds: SECONDS,
    };
  });
}

function measured(program: string, url: string): number {
  const words = ['-S', '-n', '-c', '8', '-j', '2', '-T', String(SECONDS)];
  const [, tps] = /tps = ([\d.]+)/.exec(pgbench(program, words, url)) ?? [];
  return Number(tps);
}

function pgbench(program: string, words: readonly string[], url: string): string {
  return execFileSync(program, [...words, url], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
