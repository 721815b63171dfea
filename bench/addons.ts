/**
 * What add-ons cost: how much later the first query is answered than an app without any would have
 * printed its first line, and how fast Postgres is, beside the same server started by hand.
 */
import { join } from 'node:path';
import { type InstalledPostgres, postgresHere } from './addons/by-hand.js';
import { Shop } from './addons/shop.js';
import { transactionsPerSecond } from './addons/throughput.js';
import { type Bench, type BenchResult, percentile } from './bench.js';
import { timeToLine } from './start/timing.js';

const ROUNDS = 7;
const PAAS = join(process.cwd(), 'bin', 'run.js');

export const name: Bench['name'] = 'addons';

export async function run(): Promise<BenchResult> {
  const postgres = await postgresHere();
  const [plain, leaning] = [Shop.without(PAAS), Shop.without(PAAS)];
  try {
    await leaning.add('heroku-postgresql', 'heroku-redis');
    return await measure(postgres, plain, leaning);
  } finally {
    plain.remove();
    leaning.remove();
  }
}

async function measure(
  postgres: InstalledPostgres,
  plain: Shop,
  leaning: Shop,
): Promise<BenchResult> {
  const [without, withBoth]: number[][] = [[], []];
  // Interleaved: what else the machine does hits both alike. The first round only warms.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const one = await timeToLine(plain.contender('without add-ons'), 'READY');
    const other = await timeToLine(leaning.contender('with Postgres and Redis'), 'READY');
    if (round > 0) {
      without?.push(one);
      withBoth?.push(other);
    }
  }
  const median = (values: number[] = []) => percentile(values, 0.5);
  const speed = await leaning.whileRunning((url) => transactionsPerSecond(postgres, url));
  return {
    title: 'Add-ons',
    columns: ['median ms', 'transactions/s'],
    rows: [
      { name: 'start without add-ons, first line', values: { 'median ms': median(without) } },
      {
        name: 'start with Postgres and Redis, first query',
        values: { 'median ms': median(withBoth) },
      },
      { name: 'pgbench through DATABASE_URL', values: { 'transactions/s': speed.addon } },
      { name: 'pgbench, server started by hand', values: { 'transactions/s': speed.byHand } },
    ],
    claims: [
      {
        claim: 'second start to the first query, ms more than without add-ons',
        measured: median(withBoth) - median(without),
        limit: 1500,
        bound: 'at-most',
      },
      {
        claim: 'pgbench through DATABASE_URL, in times of the same server by hand',
        measured: speed.ratio,
        limit: 0.95,
        bound: 'at-least',
      },
    ],
    notes: [
      `${ROUNDS} starts of each in turn, medians; the dyno is a Node program in both, with pg in one.`,
      `pgbench -S, 8 clients, 2 threads, scale 5; ${speed.rounds} rounds of ${speed.seconds} s in turn, medians.`,
      `Postgres ${postgres.version}; Node ${process.version}.`,
    ],
  };
}
