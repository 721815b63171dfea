/** What a server prints, as lines for the log. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Longest line in characters; Logplex takes no more than 10,000 bytes. */
const LONGEST_LINE = 2_500;

/** Calls back for each line of some streams, until they end. */
export function eachLine(streams: readonly (Readable | null)[], callback: (line: string) => void) {
  for (const stream of streams) {
    if (!stream) continue;
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      if (line !== '') callback(line.slice(0, LONGEST_LINE));
    });
  }
}
