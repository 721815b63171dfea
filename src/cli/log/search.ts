/** Finds the newest lines that a filter wants, with those around them. */

import { type LogFilter, matcher, select } from '../../runtime/logplex/filter.js';
import { DISORDER } from '../../runtime/logplex/history/read.js';
import type { LogLine } from '../../runtime/logplex/line.js';
import { ContextWindow, type GAP } from './context.js';

/**
 * @param batches single lines, newest first; read no further than needed
 * @param lines how many lines to find at most, those around them not counted
 * @param context how many lines before and after each found one
 * @returns oldest first
 */
export async function searchBackwards(
  batches: AsyncIterable<readonly LogLine[]>,
  filter: LogFilter,
  lines: number,
  context: number,
): Promise<(LogLine | typeof GAP)[]> {
  const wanted = matcher(filter);
  const oldest = (filter.since ?? 0) - DISORDER;
  const window = new ContextWindow(context);
  const shown: (LogLine | typeof GAP)[] = [];
  let left = lines;
  let after = context;
  for await (const batch of batches) {
    for (const line of batch) {
      if (line.time < oldest || (left === 0 && after === 0)) return shown.reverse();
      if (!wanted.head(line)) continue;
      const found = left > 0 && select(wanted, line) !== undefined;
      if (found) left -= 1;
      else if (left === 0) after -= 1;
      shown.push(...window.push(line, found));
    }
  }
  return shown.reverse();
}
