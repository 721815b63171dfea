/** Log sessions (https://devcenter.heroku.com/articles/platform-api-reference#log-session). */
import { randomUUID } from 'node:crypto';
import { PlatformError } from '../../errors.js';
import { type Answer, type Call, created } from '../exchange.js';

/** Lines that Heroku keeps, and so the most that can be asked for. */
const MOST_LINES = 100_000;

/** `dyno` carries a dyno's name or a process type; a list of them is ours. */
export async function create(call: Call): Promise<Answer> {
  const { lines = 100, tail = false, source, dyno, ...more } = await call.body();
  if (!Number.isInteger(lines) || (lines as number) < 0) {
    throw new PlatformError('invalid_params', '"lines" must be a whole number of 0 or more.');
  }
  const { app } = call.context.platform.find(call.param('app'));
  const path = call.context.logSessions.create(app.id, {
    lines: Math.min(lines as number, MOST_LINES),
    tail: tail === true,
    processes: [dyno].flat().filter((name): name is string => typeof name === 'string'),
    ...(typeof source === 'string' ? { source } : {}),
    more,
  });
  const now = new Date().toISOString();
  const host = call.request.headers.host ?? 'localhost';
  return created({
    id: randomUUID(),
    logplex_url: `http://${host}${path}?tail=${tail === true}`,
    created_at: now,
    updated_at: now,
  });
}

export async function stream(call: Call): Promise<Answer> {
  const { request, response } = call;
  if (!(await call.context.logSessions.stream(call.param('id'), { request, response }))) {
    throw new PlatformError('not_found', 'That log session has ended. Make a new one.');
  }
  return 'streamed';
}
