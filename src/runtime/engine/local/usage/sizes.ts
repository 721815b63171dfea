/** Heroku's dyno sizes (https://devcenter.heroku.com/articles/dyno-sizes, /articles/limits). Pure. */

export interface Quota {
  /** Bytes. */
  readonly memory: number;
  /** Processes and threads together. */
  readonly processes: number;
}

const MB = 1024 * 1024;

/** Memory in MB, and processes, by the size's name in lower case. */
const SIZES: Readonly<Record<string, readonly [megabytes: number, processes: number]>> = {
  eco: [512, 256],
  basic: [512, 256],
  'standard-1x': [512, 256],
  'standard-2x': [1024, 512],
  'private-s': [1024, 512],
  'shield-s': [1024, 512],
  'performance-m': [2560, 16_384],
  'private-m': [2560, 16_384],
  'shield-m': [2560, 16_384],
  'performance-l': [14 * 1024, 32_768],
  'private-l': [14 * 1024, 32_768],
  'shield-l': [14 * 1024, 32_768],
  'performance-l-ram': [30 * 1024, 24_576],
  'performance-xl': [62 * 1024, 32_768],
  'performance-2xl': [126 * 1024, 65_536],
};

/** What a dyno of this size may use; of an unknown size: as much as a Standard-1X. */
export function quotaOf(size: string): Quota {
  const [megabytes, processes] = SIZES[size.toLowerCase()] ?? [512, 256];
  return { memory: megabytes * MB, processes };
}
