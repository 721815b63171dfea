/** Reads a log session of an app's API, as plain text: one line of the log is one line of it. */
import type { ApiClient } from '../../runtime/api/client.js';
import type { LogFilter } from '../../runtime/logplex/filter.js';
import { type LogLine, parseHeroku } from '../../runtime/logplex/line.js';

/** What a session gives: the newest lines, and with `tail` what comes after them. */
export interface SessionOptions {
  readonly lines: number;
  readonly tail: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Opens a session and gives its lines. What the API does not filter (`grep`) is left to the caller.
 * @param path `/apps/<id>`
 * @throws PlatformError when the app cannot be reached; the stream's error when it breaks
 */
export async function* sessionLines(
  api: ApiClient,
  path: string,
  { processes, sources, since, until, requestId }: LogFilter,
  { lines, tail, signal }: SessionOptions,
): AsyncGenerator<LogLine, void, undefined> {
  const body = {
    lines,
    tail,
    ...(processes && { dyno: processes }),
    ...(sources && { sources }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(requestId && { request_id: requestId }),
  };
  const session = await api.request<{ logplex_url: string }>('POST', `${path}/log-sessions`, {
    body,
  });
  const { pathname, search } = new URL(session.logplex_url);
  const stream = await api.open('GET', `${pathname}${search}`, signal ? { signal } : {});
  for await (const record of textLines(stream)) {
    const line = parseHeroku(record);
    if (line) yield line;
  }
}

/** Lines of a stream of UTF-8, without their newlines. */
async function* textLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    rest = bytes.subarray(end);
    if (end > 0)
      yield* bytes
        .subarray(0, end - 1)
        .toString()
        .split('\n');
  }
}
