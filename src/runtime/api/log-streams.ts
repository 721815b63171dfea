/**
 * Log sessions as Heroku's CLI reads them: a POST gives an unguessable URL, its GET streams the
 * lines as Server-Sent Events (WHATWG HTML, section 9.2), or as plain text where that is asked for.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LogFilter } from '../logplex/filter.js';
import { formatHeroku, type LogLine } from '../logplex/line.js';
import type { Logplex } from '../logplex/logplex.js';
import type { LogSessionFilter, LogSessions } from './context.js';

/** ms in which a session's URL must be opened (reference section 5.4). */
const OPEN_WITHIN = 360_000;

/** ms of silence after which a comment keeps proxies and readers from giving up. */
const KEEP_ALIVE = 30_000;

interface Session {
  readonly app: string;
  readonly filter: LogSessionFilter;
  readonly expires: number;
}

export class LogStreams implements LogSessions {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly logplex: Logplex) {}

  create(app: string, filter: LogSessionFilter): string {
    const now = Date.now();
    for (const [id, { expires }] of this.sessions) if (expires < now) this.sessions.delete(id);
    const id = randomUUID();
    this.sessions.set(id, { app, filter, expires: now + OPEN_WITHIN });
    return `/streams/${id}`;
  }

  async stream(
    id: string,
    exchange: { request: IncomingMessage; response: ServerResponse },
  ): Promise<boolean> {
    const session = this.sessions.get(id);
    if (!session || session.expires < Date.now()) return false;
    // A tail is opened again after a broken connection, by the same URL.
    const lasting = session.filter.tail ? Number.POSITIVE_INFINITY : session.expires;
    this.sessions.set(id, { ...session, expires: lasting });
    const events = exchange.request.headers.accept?.includes('text/event-stream') ?? false;
    await this.send(session, exchange, events);
    return true;
  }

  private async send(
    { app, filter }: Session,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
    events: boolean,
  ): Promise<void> {
    response.writeHead(200, {
      'Content-Type': events ? 'text/event-stream' : 'text/plain; charset=utf-8',
      'Cache-Control': 'no-cache',
    });
    // A tail may have nothing to say for long.
    response.flushHeaders();
    // Heroku's CLI waits `retry` ms even after a stream that has ended: 10 makes it end at once.
    if (events) response.write(`retry: ${filter.tail ? 1000 : 10}\n\n`);
    const after = Number(request.headers['last-event-id'] ?? 0);
    for await (const message of this.messages(app, filter, response)) {
      if (message.time <= after) continue;
      if (!response.write(events ? sse(message) : formatHeroku(message))) {
        await drainedOrGone(response);
      }
    }
    response.end();
  }

  /** Ends when the reader has gone. */
  private async *messages(
    app: string,
    session: LogSessionFilter,
    response: ServerResponse,
  ): AsyncGenerator<LogLine> {
    const filter = filterOf(session);
    if (!session.tail) {
      yield* await this.logplex.recent(app, filter, session.lines);
      return;
    }
    const tail = this.logplex.tail(app, filter, { lines: session.lines });
    response.once('close', () => tail.close());
    const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE);
    try {
      yield* tail;
    } finally {
      clearInterval(keepAlive);
    }
  }
}

/** Leaves no listener behind: a slow reader comes by here for each line. */
function drainedOrGone(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
  });
}

/** One event with a line of data for each line of the log. A carriage return would end one, too. */
function sse(message: LogLine): string {
  const text = message.text.replace(/\r+(?=\n|$)/g, '').replaceAll('\r', '\n');
  const lines = formatHeroku({ ...message, text });
  return `id: ${message.time}\ndata: ${lines.slice(0, -1).replaceAll('\n', '\ndata: ')}\n\n`;
}

/** Heroku's four fields and ours: `since` and `until` in µs, `grep`, `request_id`, `sources`. */
function filterOf({ processes, source, more }: LogSessionFilter): LogFilter {
  const number = (key: string) => (typeof more[key] === 'number' ? { [key]: more[key] } : {});
  const grep = more['grep'];
  const sources = [source, more['sources']].flat().filter((one) => typeof one === 'string');
  return {
    processes,
    sources,
    ...number('since'),
    ...number('until'),
    ...(typeof more['request_id'] === 'string' ? { requestId: more['request_id'] } : {}),
    ...(typeof grep === 'string' && grep !== '' ? { grep: { kind: 'text', text: grep } } : {}),
  };
}
