/** The lines of the lab feature log-runtime-metrics (https://devcenter.heroku.com/articles/log-runtime-metrics). Pure. */

/** Exponentially damped number of tasks that want to run, as Unix has it. */
export interface Load {
  /** Seconds that were looked at. */
  readonly seconds: number;
  /** Over 1, 5 and 15 minutes. */
  readonly averages: readonly [number, number, number];
}

export const NO_LOAD: Load = { seconds: 0, averages: [0, 0, 0] };

const WINDOWS = [60, 300, 900] as const;
const NAMES = ['1m', '5m', '15m'] as const;
const MB = 1024 * 1024;

/** @param running tasks that want to run; @param seconds since the look before */
export function nextLoad(load: Load, running: number, seconds: number): Load {
  const damped = (index: 0 | 1 | 2) => {
    const keep = Math.exp(-seconds / WINDOWS[index]);
    return load.averages[index] * keep + running * (1 - keep);
  };
  return { seconds: load.seconds + seconds, averages: [damped(0), damped(1), damped(2)] };
}

/** Of whom the lines are. */
export interface MetricsSubject {
  readonly app: string;
  readonly id: string;
  readonly name: string;
}

/**
 * @param memory bytes; @param quota bytes
 * @returns the line of the load, once its shortest window is full, and that of the memory
 */
export function metricsLines(
  subject: MetricsSubject,
  load: Load,
  memory: number,
  quota: number,
): string[] {
  const source = `source=${subject.name} dyno=heroku.${subject.app}.${subject.id}`;
  const averages = NAMES.flatMap((name, index) => {
    const full = load.seconds >= (WINDOWS[index] ?? 0);
    return full ? [`sample#load_avg_${name}=${load.averages[index]?.toFixed(2)}`] : [];
  });
  const size = (bytes: number) => `${(bytes / MB).toFixed(2)}MB`;
  const samples = [
    `memory_total=${size(memory)}`,
    `memory_rss=${size(memory)}`,
    'memory_cache=0.00MB',
    'memory_swap=0.00MB',
    'memory_pgpgin=0pages',
    'memory_pgpgout=0pages',
    `memory_quota=${size(quota)}`,
  ].map((sample) => `sample#${sample}`);
  return [
    ...(averages.length > 0 ? [`${source} ${averages.join(' ')}`] : []),
    `${source} ${samples.join(' ')}`,
  ];
}
