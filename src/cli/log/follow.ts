/** Follows an app's log over restarts of its platform. */
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../runtime/errors.js';
import { type LogFilter, matcher, select } from '../../runtime/logplex/filter.js';
import type { LogLine } from '../../runtime/logplex/line.js';
import { ContextWindow, type GAP } from './context.js';
import { ResumePoint } from './resume.js';

/** ms between two looks for a platform that has ended. */
const RETRY = 500;

export interface FollowOptions {
  readonly filter: LogFilter;
  /** Microseconds since the epoch: lines from then on. */
  readonly from: number;
  /** Lines before and after each found one. */
  readonly context: number;
  /** Opens a session that gives all lines since then, and goes on. @throws PlatformError while no app runs */
  readonly open: (since: number) => Promise<AsyncIterable<LogLine>>;
  /** Tells that the app has ended, or runs again. */
  readonly say: (text: string) => void;
}

/** Lines as they come, and those around them. It ends with the process only. */
export async function* follow(options: FollowOptions): AsyncGenerator<LogLine | typeof GAP> {
  const point = new ResumePoint(options.from);
  const wanted = matcher(options.filter);
  const window = new ContextWindow(options.context);
  for (;;) {
    const session = await reopened(options, point.since);
    point.begin();
    try {
      for await (const line of session) {
        if (isLoss(line)) {
          yield line;
          continue;
        }
        if (!point.accept(line) || !wanted.head(line)) continue;
        yield* window.push(line, select(wanted, line) !== undefined);
      }
    } catch (error) {
      if (!isBroken(error)) throw error;
    }
    options.say('The app has ended. Waiting for it to start again; Ctrl-C ends this.');
    await delay(RETRY);
  }
}

async function reopened({ open }: FollowOptions, since: number): Promise<AsyncIterable<LogLine>> {
  for (;;) {
    try {
      return await open(since);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.id === 'conflict') throw error;
      await delay(RETRY);
    }
  }
}

/** L11 tells what this session lost, of whatever it was to show: no filter may hide that. */
function isLoss({ source, process, text }: LogLine): boolean {
  return source === 'heroku' && process === 'logplex' && text.startsWith('Error L11 ');
}

/** The platform ended in the middle of the stream. */
function isBroken(error: unknown): boolean {
  return error instanceof PlatformError || (error instanceof Error && 'code' in error);
}
