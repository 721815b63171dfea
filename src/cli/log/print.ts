/** Writes lines to stdout, no faster than they are read. */
import { once } from 'node:events';
import type { LogLine } from '../../runtime/logplex/line.js';
import { GAP } from './context.js';
import type { Format } from './format.js';

/** Text that is gathered before it is written, in characters. */
const CHUNK = 64 * 1024;

/**
 * @param gap what stands between groups of lines; empty where the output is for programs
 */
export async function printLines(
  lines: Iterable<LogLine | typeof GAP>,
  format: Format,
  gap: string,
): Promise<void> {
  let text = '';
  for (const line of lines) {
    text += line === GAP ? gap : format(line);
    if (text.length < CHUNK) continue;
    await write(text);
    text = '';
  }
  await write(text);
}

async function write(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}
