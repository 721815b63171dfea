/** A page that is drawn anew in its place until the user leaves: `paas ps --watch`. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from './failure.js';

/** ms between two drawings. */
const INTERVAL = 2000;

/** The other screen of the terminal, so that what stood there comes back; without a cursor. */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';

/**
 * Draws until `q`, Ctrl-C or a signal; also when the window changes.
 * @param draw gives the text, for the width that the terminal has then
 * @throws UsageError where stdout is no terminal, and what `draw` throws
 */
export async function showLive(draw: () => Promise<string>): Promise<void> {
  const { stdout } = process;
  if (!stdout.isTTY) {
    throw new UsageError('--watch draws on a terminal, and this is none. Leave it out here.');
  }
  const left = new AbortController();
  const stopListening = onLeave(() => left.abort());
  stdout.write(ENTER);
  try {
    while (!left.signal.aborted) {
      stdout.write(page(await draw(), stdout.rows));
      await pause(left.signal);
    }
  } finally {
    stdout.write(LEAVE);
    stopListening();
  }
}

/**
 * What draws a text over the one before, line by line so that nothing flickers. Pure.
 * @param rows of the terminal; what does not fit is counted in the last one
 */
export function page(text: string, rows: number): string {
  const lines = text.split('\n');
  const kept = lines.length <= rows ? lines : lines.slice(0, rows - 1);
  const hidden = lines.length - kept.length;
  const shown = hidden === 0 ? kept : [...kept, `${hidden} more lines; make the window higher`];
  return `\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`;
}

/** @returns what ends the listening and gives the terminal back as it was */
function onLeave(leave: () => void): () => void {
  const { stdin } = process;
  const onKey = (key: Buffer) => {
    if (['q', 'Q', '\x03', '\x04', '\x1b'].includes(key.toString())) leave();
  };
  if (stdin.isTTY) stdin.setRawMode(true).on('data', onKey);
  process.once('SIGINT', leave).once('SIGTERM', leave);
  return () => {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    if (stdin.isTTY) stdin.setRawMode(false).off('data', onKey).pause();
  };
}

/** Until it is time, the window has another size, or the user leaves. */
async function pause(left: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([left, over.signal]);
  const next = [sleep(INTERVAL, undefined, { signal }), once(process.stdout, 'resize', { signal })];
  await Promise.race(next).catch(() => undefined); // aborted: the user left
  over.abort();
}
