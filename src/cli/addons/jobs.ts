/** The scheduler's jobs, as its commands see them. */
import type { AddonJson } from '../../runtime/api/addon-representations.js';
import type { RunningApp } from '../app-command.js';
import { columns } from '../table.js';
import { stamp } from '../time.js';
import { addonOf } from './client.js';

/** One job. */
export interface Job {
  readonly id: string;
  readonly command: string;
  /** `10m`, `hourly`, `daily:07:30`. */
  readonly every: string;
  /** ISO 8601. */
  readonly next_run_at: string | null;
}

/** The scheduler of an app. @throws PlatformError not_found with how to add it */
export function schedulerOf(app: RunningApp): Promise<AddonJson> {
  return addonOf(app, 'scheduler', '');
}

/** In the order in which they were added. Pure. */
export function jobTable(jobs: readonly Job[], width: number): string {
  const rows = jobs.map(({ id, every, next_run_at, command }) => [
    id,
    every,
    next_run_at === null ? '' : stamp(next_run_at),
    command,
  ]);
  return columns([['ID', 'Every', 'Next run', 'Command'], ...rows], width);
}
