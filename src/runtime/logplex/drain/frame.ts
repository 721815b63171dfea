/** Log lines as drains get them: octet-counted syslog frames (RFC 6587, 3.4.1). Pure. */

import type { Loss } from '../backlog.js';
import { formatSeconds, formatTime, type LogLine } from '../line.js';

/** Writes one line as one message of a frame, its newline included. */
export type Encode = (line: LogLine) => string;

/**
 * Logplex's own form for HTTP: RFC 5424 without structured data, not even `-`, and with `host` for
 * the host (https://devcenter.heroku.com/articles/log-drains#https-drains). A known quirk, kept.
 */
export function encodeHttp(line: LogLine): string {
  const { source, process, text } = line;
  return counted(
    `<${priority(line)}>1 ${formatTime(line.time)} host ${source} ${process} - ${text}\n`,
  );
}

/** Whole RFC 5424, with the drain's token for the host. */
export function syslogEncoder(token: string): Encode {
  return (line) =>
    counted(
      `<${priority(line)}>1 ${formatTime(line.time)} ${token} ${line.source} ${line.process} - - ${line.text}\n`,
    );
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

function counted(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
}
