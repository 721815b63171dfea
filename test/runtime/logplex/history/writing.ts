/** A history in a folder of the test's own, and what is written into it. */
import { readdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { readHistory } from '../../../../src/runtime/logplex/history/read.js';
import { HISTORY_LIMITS } from '../../../../src/runtime/logplex/history/segments.js';
import { HistoryWriter } from '../../../../src/runtime/logplex/history/writer.js';

let clock = Date.UTC(2026, 7, 4) * 1000;

/** A line of the app, each later than the one before. */
export const line = (text: string) => ({ time: clock++, source: 'app', process: 'web.1', text });

/** The last so many lines that can be read back. */
export const texts = async (folder: string, count = 1e9) =>
  (await readHistory(folder, {}, count)).lines.map(({ text }) => text);

export const filesOf = (folder: string) => readdirSync(folder).sort();

/** A writer that is closed with the test, and what it told. */
export function writer(
  folder: string,
  limits = HISTORY_LIMITS,
): { history: HistoryWriter; told: string[] } {
  const told: string[] = [];
  const history = new HistoryWriter(folder, limits, (text) => told.push(text));
  onTestFinished(() => history.close());
  return { history, told };
}
