/**
 * The form of a log line as Heroku prints it, which is also the form of our history on disk:
 * `2026-08-04T18:25:43.511234+00:00 app[web.1]: text` (https://devcenter.heroku.com/articles/logging#log-format).
 */
import type { LogMessage } from '../model.js';

/** A log message without its app: one line, or a block of lines joined with `\n`. */
export type LogLine = Pick<LogMessage, 'time' | 'source' | 'process' | 'text'>;

const LINE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})\+00:00 ([^\s[\]]+)\[([^[\]\s]+)\]: ([^\n]*)$/;

/**
 * A time as Logplex prints it.
 * @param time microseconds since the epoch
 * @returns `2026-08-04T18:25:43.511234+00:00`
 */
export function formatTime(time: number): string {
  const second = Math.floor(time / 1_000_000);
  if (second !== formatted.second) {
    formatted = { second, text: new Date(second * 1000).toISOString().slice(0, 19) };
  }
  const micros = Math.floor(time - second * 1_000_000);
  return `${formatted.text}.${String(micros).padStart(6, '0')}+00:00`;
}

/** The last second that was written, and read: a log has many lines of one, and dates are dear. */
let formatted = { second: Number.NaN, text: '' };
let parsed = { text: '', time: Number.NaN };

/**
 * A time as the L codes print it: whole seconds.
 * @param time microseconds since the epoch
 * @returns `2026-08-04T18:25:43+00:00`
 */
export function formatSeconds(time: number): string {
  return `${new Date(Math.floor(time / 1000)).toISOString().slice(0, 19)}+00:00`;
}

let last = 0;
let offset = 0;

/** The time now, in microseconds since the epoch. Never the same twice, so that order is kept. */
export function microsecondsNow(): number {
  // The system's clock in whole ms, and where in that ms we are by the steady one.
  const wall = Date.now();
  const steady = performance.now();
  const now = Math.min(Math.max(steady + offset, wall), wall + 0.999);
  offset = now - steady;
  last = Math.max(last + 1, Math.floor(now * 1000));
  return last;
}

/** How many lines a block has: 1 for a single line, the empty one included. */
export function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/**
 * A message in Heroku's form, every line of a block with its own head.
 * @returns the lines, each with `\n` at its end
 */
export function formatHeroku(message: LogLine): string {
  const head = `${formatTime(message.time)} ${message.source}[${message.process}]: `;
  return `${head}${message.text.replaceAll('\n', `\n${head}`)}\n`;
}

/**
 * Reads one line in Heroku's form.
 * @param line without its `\n`
 * @returns undefined when it is not in that form (a torn record, a stranger's text)
 */
export function parseHeroku(line: string): LogLine | undefined {
  const [, seconds, micros, source, process, text] = LINE.exec(line) ?? [];
  if (seconds === undefined || source === undefined || process === undefined) return undefined;
  if (seconds !== parsed.text) parsed = { text: seconds, time: Date.parse(`${seconds}Z`) * 1000 };
  const time = parsed.time + Number(micros);
  return Number.isNaN(time) ? undefined : { time, source, process, text: text ?? '' };
}
