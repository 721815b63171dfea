/** Jobs of the scheduler: what is run, and how often. Pure. */
import { randomUUID } from 'node:crypto';
import { PlatformError } from '../../errors.js';

/** One job. */
export interface Job {
  readonly id: string;
  readonly command: string;
  /** As it was asked for: `10m`, `hourly`, `hourly:30`, `daily`, `daily:07:30`. */
  readonly every: string;
}

/**
 * The times of a job as a cron pattern, in UTC as on Heroku.
 * @param every `10m`, `hourly` or `hourly:MINUTE`, `daily` or `daily:HH:MM`
 * @throws PlatformError invalid_params
 */
export function patternOf(every: string): string {
  const [, minutes] = /^(\d+)m(?:in)?$/.exec(every) ?? [];
  if (minutes !== undefined && 60 % Number(minutes) === 0) return `*/${Number(minutes)} * * * *`;
  const [, minute] = /^hourly(?::([0-5]?\d))?$/.exec(every) ?? [];
  if (minute !== undefined || every === 'hourly') return `${Number(minute ?? 0)} * * * *`;
  const [, hour, past] = /^daily(?::([01]?\d|2[0-3]):([0-5]\d))?$/.exec(every) ?? [];
  if (hour !== undefined || every === 'daily')
    return `${Number(past ?? 0)} ${Number(hour ?? 0)} * * *`;
  throw new PlatformError(
    'invalid_params',
    `Can't read how often from "${every}". Give 10m (a part of an hour), hourly, hourly:30, daily or daily:07:30 (UTC).`,
  );
}

/** The jobs that the settings of an add-on hold. */
export function jobsIn(settings: Readonly<Record<string, unknown>>): readonly Job[] {
  return Array.isArray(settings['jobs']) ? (settings['jobs'] as Job[]) : [];
}

/** A new job. @throws PlatformError invalid_params */
export function newJob({ command, every }: Readonly<Record<string, unknown>>): Job {
  if (typeof command !== 'string' || command.trim() === '') {
    throw new PlatformError('invalid_params', 'Say which command to run.');
  }
  const often = String(every ?? '10m');
  patternOf(often);
  return { id: randomUUID().slice(0, 8), command, every: often };
}

/** A job by its id or its command. @throws PlatformError not_found */
export function findJob(jobs: readonly Job[], wanted: unknown): Job {
  const found = jobs.find(({ id, command }) => id === wanted || command === wanted);
  if (found) return found;
  throw new PlatformError(
    'not_found',
    `Couldn't find the job ${wanted}. \`paas scheduler\` lists them.`,
  );
}
