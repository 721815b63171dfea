/** Which log lines somebody wants. Pure. */
import type { LogLine } from './line.js';
import { hasField } from './structured.js';

/** What to look for in the text of a line. */
export type Grep =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regexp'; readonly expression: RegExp }
  /** A field of a JSON line, or `name=value` as it stands in the text (the router's lines). */
  | { readonly kind: 'field'; readonly name: string; readonly value: string };

/** All that is given must hold; of several processes or sources one is enough. */
export interface LogFilter {
  /** Names (`web.1`) or types (`web`: every `web.N`). */
  readonly processes?: readonly string[];
  /** `app`, `heroku`, or the name of an add-on. */
  readonly sources?: readonly string[];
  /** Microseconds since the epoch; the line itself included. */
  readonly since?: number;
  readonly until?: number;
  readonly requestId?: string;
  readonly grep?: Grep;
}

/**
 * A filter made ready. `head` looks at what all lines of a block share; `text`, where there is one,
 * at a single line.
 */
export interface Matcher {
  readonly head: (message: LogLine) => boolean;
  readonly text: ((line: string) => boolean) | undefined;
}

/** Makes a filter ready for use. */
export function matcher(filter: LogFilter): Matcher {
  const {
    processes,
    sources,
    since = Number.NEGATIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
  } = filter;
  const head = (message: LogLine): boolean =>
    message.time >= since &&
    message.time <= until &&
    (!sources?.length || sources.includes(message.source)) &&
    (!processes?.length || processes.some((wanted) => isProcess(message.process, wanted)));
  return { head, text: textMatcher(filter) };
}

/** Heroku's rule: `x` is `x` itself or anything that begins with `x.` (reference section 5.4). */
function isProcess(process: string, wanted: string): boolean {
  return process === wanted || process.startsWith(`${wanted}.`);
}

function textMatcher({ requestId, grep }: LogFilter): ((line: string) => boolean) | undefined {
  const search = grep && grepMatcher(grep);
  if (!requestId) return search;
  return (line) => line.includes(requestId) && (search?.(line) ?? true);
}

function grepMatcher(grep: Grep): (line: string) => boolean {
  switch (grep.kind) {
    case 'text':
      return (line) => line.includes(grep.text);
    case 'regexp':
      // `search` starts from the beginning whatever flags the expression has.
      return (line) => line.search(grep.expression) !== -1;
    case 'field': {
      const pair = `${grep.name}=${grep.value}`;
      return (line) => line.includes(pair) || hasField(line, grep.name, grep.value);
    }
  }
}

/**
 * The lines of a block that a matcher wants.
 * @returns the message itself when that is all of it, undefined when it is nothing
 */
export function select<T extends LogLine>(wanted: Matcher, message: T): T | undefined {
  if (!wanted.head(message)) return undefined;
  if (!wanted.text) return message;
  if (!message.text.includes('\n')) return wanted.text(message.text) ? message : undefined;
  const lines = message.text.split('\n').filter(wanted.text);
  return lines.length === 0 ? undefined : { ...message, text: lines.join('\n') };
}

/** Each line of a block as a message of its own. */
export function splitLines<T extends LogLine>(message: T): T[] {
  if (!message.text.includes('\n')) return [message];
  return message.text.split('\n').map((text) => ({ ...message, text }));
}
