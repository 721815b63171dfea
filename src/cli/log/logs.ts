/** What `paas logs` does: from a running app, or from the history of one that does not run. */
import { ApiClient } from '../../runtime/api/client.js';
import { PlatformError } from '../../runtime/errors.js';
import type { LogFilter } from '../../runtime/logplex/filter.js';
import { type LogLine, microsecondsNow } from '../../runtime/logplex/line.js';
import type { AppRecord } from '../../runtime/registry.js';
import { findApp } from '../app.js';
import type { GAP } from './context.js';
import { historyFolder, logFolder } from './folder.js';
import { follow } from './follow.js';
import type { Format } from './format.js';
import { kept, TornCount } from './kept.js';
import { printLines } from './print.js';
import { searchBackwards } from './search.js';
import { sessionLines } from './session.js';

export interface LogsRequest {
  /** Of `-a`; undefined: the app of this folder. */
  readonly app: string | undefined;
  readonly filter: LogFilter;
  /** Newest lines to show first. */
  readonly lines: number;
  /** Lines around each found one. */
  readonly context: number;
  readonly mode: 'finite' | 'tail';
  readonly format: Format;
  /** What stands between groups of lines. */
  readonly gap: string;
  /** Words for the user that are no lines of the log. */
  readonly say: (text: string) => void;
}

/** Lines that a platform has at hand: more of them are read from the disk here. */
const NEWEST = 1_500;

/** Everything since a moment. */
const ALL_LINES = 100_000;

/** Shows the lines. @throws PlatformError when there is neither an app nor a history */
export async function showLogs(request: LogsRequest): Promise<void> {
  const { filter, context, lines, mode, format, gap, say } = request;
  const app = await runningApp(request.app);
  const from = microsecondsNow();
  const shown = app ? await ofRunning(app, request, from) : await ofHistory(request);
  await printLines(shown, format, gap);
  if (mode === 'finite') {
    if (shown.length === 0 && lines > 0) say(nothingFound(filter));
    return;
  }
  const open = async (since: number) => liveLines(await findApp(request.app), filter, since);
  for await (const line of follow({ filter, from, context, open, say })) {
    await printLines([line], format, gap);
  }
}

/** The app, or undefined when it does not run but may have left a history. */
async function runningApp(name: string | undefined): Promise<AppRecord | undefined> {
  return findApp(name).catch((error: unknown) => {
    const noneHere = error instanceof PlatformError && error.id === 'not_found' && !name;
    if (noneHere && historyFolder(process.cwd())) return undefined;
    throw error;
  });
}

/**
 * The platform is asked for the newest lines, and no more of them than it has in memory; searching,
 * and reading what is older, is the work of who asks.
 * @param until what is newer is left to the tail
 */
async function ofRunning(
  app: AppRecord,
  { filter, lines, context, mode }: LogsRequest,
  until: number,
): Promise<(LogLine | typeof GAP)[]> {
  const searches = filter.grep !== undefined || filter.requestId !== undefined;
  const all = !searches && lines <= NEWEST;
  const session = all
    ? sessionLines(api(app), path(app), filter, { lines, tail: false })
    : sessionLines(api(app), path(app), {}, { lines: NEWEST, tail: false });
  const newest: LogLine[] = [];
  for await (const line of session) if (mode === 'finite' || line.time < until) newest.push(line);
  newest.reverse();
  const batches = all ? oneBatch(newest) : before(newest, app.directory);
  return searchBackwards(batches, filter, lines, context);
}

/** The newest lines, newest first, and then all that are older. */
async function* before(newest: LogLine[], directory: string): AsyncGenerator<readonly LogLine[]> {
  const oldest = newest.at(-1)?.time ?? Number.POSITIVE_INFINITY;
  // Lines of one time are one block: where it was cut off, it is read from the disk.
  const isWhole = newest.length < NEWEST;
  yield isWhole ? newest : newest.filter(({ time }) => time > oldest);
  for await (const lines of kept(logFolder(directory))) {
    yield lines.filter(({ time }) => time < oldest || (time === oldest && !isWhole));
  }
}

async function ofHistory({ filter, lines, context, say }: LogsRequest) {
  say('The app is not running. These are the last lines of its log.');
  const torn = new TornCount();
  const folder = historyFolder(process.cwd());
  const found = folder ? await searchBackwards(kept(folder, torn), filter, lines, context) : [];
  torn.tell(say);
  return found;
}

function liveLines(app: AppRecord, filter: LogFilter, since: number): AsyncIterable<LogLine> {
  const { requestId: _, ...head } = filter;
  const options = { lines: ALL_LINES, tail: true };
  return sessionLines(api(app), path(app), { ...head, since }, options);
}

function nothingFound(filter: LogFilter): string {
  return Object.keys(filter).length > 0
    ? 'No line of the log is like that.'
    : 'There are no lines yet.';
}

function api({ socket }: AppRecord): ApiClient {
  return new ApiClient(socket);
}

function path({ id }: AppRecord): string {
  return `/apps/${id}`;
}

async function* oneBatch<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}
