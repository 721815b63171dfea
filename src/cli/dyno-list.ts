/** What `paas ps` prints. Pure. */
import type { DynoJson } from '../runtime/api/representations.js';
import { columns, indent } from './table.js';
import { type Paint, wrap } from './terminal.js';
import { ago, since, stamp } from './time.js';

/** Narrower than this, what explains a dyno goes below its numbers. */
const NARROW = 64;
/** From this width on, times are written out. */
const WIDE = 110;

const MB = 1024 * 1024;

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
      const title = wrap(`=== ${paint.cyan(heading(type, group))}`, width);
      return `${title}\n\n${table(group, now, width, paint)}\n`;
    })
    .join('\n');
}

/** A row for each dyno: name, state, processor and memory where they are known, and the rest. */
function table(group: readonly DynoJson[], now: number, width: number, paint: Paint): string {
  const measured = group.some(({ memory }) => memory !== null);
  const heads = group.map((dyno) => [
    paint.bold(dyno.name),
    state(dyno, paint),
    ...(measured ? [processor(dyno), memory(dyno, paint)] : []),
  ]);
  const notes = group.map((dyno) => [when(dyno, now, width), ...details(dyno, now)].join(', '));
  if (!measured || width >= NARROW) {
    return columns(
      heads.map((head, index) => [...head, notes[index] ?? '']),
      width,
    );
  }
  const lines = columns(heads, width).split('\n');
  return lines
    .map((line, index) => `${line}\n${indent(wrap(notes[index] ?? '', width - 2), 2)}`)
    .join('\n');
}

function processor({ cpu }: DynoJson): string {
  if (cpu === null) return '';
  const percent = 100 * cpu;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`.padStart(6);
}

/** `41/512 MB`. Above the quota it is R14, above twice the quota R15. */
function memory({ memory: used, memory_quota: quota }: DynoJson, paint: Paint): string {
  if (used === null) return '';
  const text = `${Math.round(used / MB)}/${Math.round(quota / MB)} MB`;
  if (used > 2 * quota) return paint.red(text);
  return used > quota ? paint.yellow(text) : text;
}

function when(dyno: DynoJson, now: number, width: number): string {
  if (width >= WIDE) return since(dyno.updated_at, now);
  return ago(dyno.updated_at, now) || stamp(dyno.updated_at);
}

function heading(type: string, group: readonly DynoJson[]): string {
  const [first] = group;
  if (type === 'run') return `run: one-off processes (${group.length})`;
  return `${type} (${first?.size}): ${first?.command} (${group.length})`;
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
    dyno.type === 'web' && dyno.state === 'up' && dyno.port !== null ? `port ${dyno.port}` : '',
    counted(dyno.requests, 'request'),
    counted(dyno.websockets, 'websocket'),
    reason(dyno),
    counted(dyno.restarts, 'restart'),
    wait > 0 ? `next try in ${Math.ceil(wait / 1000)}s` : '',
  ].filter((detail) => detail !== '');
}

/** `1 request`, `2 requests`; nothing for none. */
function counted(count: number | null, what: string): string {
  return count ? `${count} ${what}${count === 1 ? '' : 's'}` : '';
}

function reason(dyno: DynoJson): string {
  if (dyno.state !== 'crashed') return '';
  return dyno.reason?.startsWith('R') ? `error ${dyno.reason}` : `exit ${dyno.exit_status}`;
}

function bySlot(one: DynoJson, other: DynoJson): number {
  return one.name.localeCompare(other.name, 'en', { numeric: true });
}
