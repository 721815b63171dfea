/** What the dyno manifold costs: scaling, memory and idle time, and a restart that nobody notices. */
import type { Bench, BenchResult } from './bench.js';
import { measureRollingRestart } from './dynos/rolling-restart.js';
import { DYNOS, measureScaling, SAMPLED } from './dynos/scaling.js';

export const name: Bench['name'] = 'dynos';

export async function run(): Promise<BenchResult> {
  const scaling = await measureScaling();
  const restart = await measureRollingRestart();
  const ratio = scaling.engine / scaling.bareLoop;
  return {
    title: 'Dynos',
    columns: ['value', 'unit'],
    rows: [
      row(`1 to ${DYNOS} sleeping dynos`, scaling.engine, 'ms'),
      row(`bare loop of ${DYNOS} spawns`, scaling.bareLoop, 'ms'),
      row('our memory per dyno', scaling.memory, 'MB'),
      row(`${DYNOS} idle dynos, metrics on`, scaling.idleCpu, '% of a core'),
      row(`looking at ${SAMPLED} dynos`, scaling.samplingCpu, '% of a core'),
      row('rolling restart of web=10', restart.seconds, 's'),
      row('requests meanwhile, 500 per second', restart.requests, 'requests'),
      row('of them failed', restart.failed, 'requests'),
    ],
    claims: [
      { claim: 'scaling against a bare loop', measured: ratio, limit: 3, bound: 'at-most' },
      { claim: 'MB per dyno', measured: scaling.memory, limit: 0.5, bound: 'at-most' },
      { claim: '% of a core when idle', measured: scaling.idleCpu, limit: 1, bound: 'at-most' },
      {
        claim: `% of a core to look at ${SAMPLED} dynos`,
        measured: scaling.samplingCpu,
        limit: 0.5,
        bound: 'at-most',
      },
      { claim: 'failed requests', measured: restart.failed, limit: 0, bound: 'at-most' },
    ],
    notes: ['Medians of 5 rounds taken in turn; idle over 20 s; the dynos are `exec sleep`.'],
  };
}

function row(what: string, value: number, unit: string): BenchResult['rows'][number] {
  return { name: what, values: { value: Number(value.toFixed(2)), unit } };
}
