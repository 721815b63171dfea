/** Log lines as drains get them: octet-counted syslog frames (RFC 6587, 3.4.1). Pure. */

import type { Loss } from '../backlog.js';
import { formatSeconds, formatTime, type LogLine } from '../line.js';

/** Writes each line of a message as one message of a frame, its newline included. */
export type Encode = (message: LogLine) => string;

/**
 * Logplex's own form for HTTP: RFC 5424 without structured data, not even `-`, and with `host` for
 * the host (https://devcenter.heroku.com/articles/log-drains#https-drains). A known quirk, kept.
 */
export function encodeHttp(message: LogLine): string {
  const { time, source, process } = message;
  return counted(
    message,
    `<${priority(message)}>1 ${formatTime(time)} host ${source} ${process} - `,
  );
}

/** Whole RFC 5424, with the drain's token for the host. */
export function syslogEncoder(token: string): Encode {
  return (message) => {
    const { time, source, process } = message;
    const head = `<${priority(message)}>1 ${formatTime(time)} ${token} ${source} ${process} - - `;
    return counted(message, head);
  };
}

/**
 * What a drain is told first after it lost messages.
 * @param now microseconds since the epoch
 */
export function lossLine(loss: Loss, now: number): LogLine {
  const text = `Error L10 (output buffer overflow): ${loss.lines} messages dropped since ${formatSeconds(loss.since)}.`;
  return { time: now, source: 'heroku', process: 'logplex', text };
}

/** Facility × 8 + severity (RFC 5424, 6.2.1), as Logplex has them (reference section 5.7). */
export function priority({ source, process, text }: LogLine): number {
  if (source === 'heroku' && process === 'router') return 158;
  if (source === 'heroku' && process === 'logplex' && text.startsWith('Error L')) return 172;
  return source === 'heroku' || process === 'api' ? 45 : 190;
}

/** The head is made once for all lines of a block: most of what a line costs is in it. */
function counted({ text }: LogLine, head: string): string {
  const more = Buffer.byteLength(head) + 1;
  let frames = '';
  for (let from = 0; from <= text.length; ) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline;
    const line = text.slice(from, to);
    frames += `${more + Buffer.byteLength(line)} ${head}${line}\n`;
    from = to + 1;
  }
  return frames;
}
