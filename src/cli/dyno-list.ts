/** What `paas ps` prints. Pure. */
import type { DynoJson } from '../runtime/api/representations.js';
import { columns } from './table.js';
import type { Paint } from './terminal.js';
import { ago, since } from './time.js';

/**
 * One-off dynos first, then the others grouped by type, as Heroku's CLI does.
 * @param now ms since the epoch
 * @param width of the terminal
 */
export function dynoList(
  dynos: readonly DynoJson[],
  now: number,
  width: number,
  paint: Paint,
): string {
  const types = [...new Set(dynos.map(({ type }) => type))];
  const ordered = [...types.filter((type) => type === 'run'), ...types.filter((t) => t !== 'run')];
  return ordered
    .map((type) => {
      const group = dynos.filter((dyno) => dyno.type === type).sort(bySlot);
      const rows = group.map((dyno) => row(dyno, now, width, paint));
      return `=== ${paint.cyan(heading(type, group))}\n\n${columns(rows, width)}\n`;
    })
    .join('\n');
}

function heading(type: string, group: readonly DynoJson[]): string {
  const [first] = group;
  if (type === 'run') return `run: one-off processes (${group.length})`;
  return `${type} (${first?.size}): ${first?.command} (${group.length})`;
}

function row(dyno: DynoJson, now: number, width: number, paint: Paint): string[] {
  const time = width < 80 ? ago(dyno.updated_at, now) : since(dyno.updated_at, now);
  return [paint.bold(dyno.name), state(dyno, paint), [time, ...details(dyno, now)].join(', ')];
}

function state(dyno: DynoJson, paint: Paint): string {
  if (dyno.stopping) return paint.yellow('stopping');
  if (dyno.state === 'up') return paint.green('up');
  return dyno.state === 'crashed' ? paint.red('crashed') : paint.yellow(dyno.state);
}

/** What explains the state, and where the dyno can be reached. */
function details(dyno: DynoJson, now: number): string[] {
  const wait = dyno.next_try_at === null ? 0 : Date.parse(dyno.next_try_at) - now;
  return [
    `v${dyno.release.version}`,
    dyno.type === 'run' ? dyno.command : '',
    dyno.state === 'up' && dyno.port !== null ? `port ${dyno.port}` : '',
    reason(dyno),
    dyno.restarts > 0 ? `${dyno.restarts} restart${dyno.restarts === 1 ? '' : 's'}` : '',
    wait > 0 ? `next try in ${Math.ceil(wait / 1000)}s` : '',
  ].filter((detail) => detail !== '');
}

function reason(dyno: DynoJson): string {
  if (dyno.state !== 'crashed') return '';
  return dyno.reason?.startsWith('R') ? `error ${dyno.reason}` : `exit ${dyno.exit_status}`;
}

function bySlot(one: DynoJson, other: DynoJson): number {
  return one.name.localeCompare(other.name, 'en', { numeric: true });
}
