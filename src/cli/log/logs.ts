/** What `paas logs` does: from a running app, or from the history of one that does not run. */
import { ApiClient } from '../../runtime/api/client.js';
import { PlatformError } from '../../runtime/errors.js';
import type { LogFilter } from '../../runtime/logplex/filter.js';
import { linesBackwards } from '../../runtime/logplex/history/read.js';
import { type LogLine, microsecondsNow } from '../../runtime/logplex/line.js';
import type { AppRecord } from '../../runtime/registry.js';
import { findApp } from '../app.js';
import type { GAP } from './context.js';
import { historyFolder } from './folder.js';
import { follow } from './follow.js';
import type { Format } from './format.js';
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

/** What a running app is asked for where its lines are searched here. */
const SEARCHED_LINES = 1_500;

/** Everything since a moment. */
const ALL_LINES = 100_000;

/** Shows the lines. @throws PlatformError when there is neither an app nor a history */
export async function showLogs(request: LogsRequest): Promise<void> {
  const app = await runningApp(request.app);
  const from = microsecondsNow();
  const lines = app ? await ofRunning(app, request, from) : await ofHistory(request);
  await printLines(lines, request.format, request.gap);
  if (request.mode === 'finite') return;
  const { filter, context, say } = request;
  const open = async (since: number) => liveLines(await findApp(request.app), filter, since);
  for await (const line of follow({ filter, from, context, open, say })) {
    await printLines([line], request.format, request.gap);
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

/** Searching is the work of who asks: a running platform is asked for lines, not for matches. */
async function ofRunning(
  app: AppRecord,
  { filter, lines, context, mode }: LogsRequest,
  until: number,
): Promise<(LogLine | typeof GAP)[]> {
  const searches = filter.grep !== undefined || filter.requestId !== undefined;
  const folder = historyFolder(app.directory);
  if (searches && mode === 'finite' && folder) return ofFolder(folder, filter, lines, context);
  const { requestId: _, ...head } = filter;
  const session = sessionLines(new ApiClient(app.socket), `/apps/${app.id}`, head, {
    lines: searches ? SEARCHED_LINES : lines,
    tail: false,
  });
  const found: LogLine[] = [];
  for await (const line of session) if (mode === 'finite' || line.time < until) found.push(line);
  return searchBackwards(oneBatch(found.reverse()), filter, lines, context);
}

async function ofHistory({ filter, lines, context, say }: LogsRequest) {
  say('The app is not running. These are the last lines of its log.');
  const folder = historyFolder(process.cwd());
  return folder ? ofFolder(folder, filter, lines, context, say) : [];
}

async function ofFolder(
  folder: string,
  filter: LogFilter,
  lines: number,
  context: number,
  say?: (text: string) => void,
) {
  let torn = 0;
  async function* batches() {
    for await (const part of linesBackwards(folder)) {
      torn += part.torn;
      yield part.lines;
    }
  }
  const found = await searchBackwards(batches(), filter, lines, context);
  if (torn > 0) say?.(`${torn} lines were cut off when the platform ended, and are left out.`);
  return found;
}

function liveLines(app: AppRecord, filter: LogFilter, since: number): AsyncIterable<LogLine> {
  const { requestId: _, ...head } = filter;
  const options = { lines: ALL_LINES, tail: true };
  return sessionLines(new ApiClient(app.socket), `/apps/${app.id}`, { ...head, since }, options);
}

async function* oneBatch<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}
