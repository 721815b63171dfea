/** Aligned columns that still can be read on 40 columns. Pure. */
import { widthOf, wrap } from './terminal.js';

const GAP = '  ';

/** How far a cell is moved in that has a line of its own. */
const INDENT = 4;

/** Columns that the last cell needs to be readable beside the others. */
const LEAST = 16;

/**
 * Rows with their cells aligned. The last column takes what is left of the width, and is wrapped
 * under itself; where less than 16 columns are left for it, it goes to a line of its own.
 * @param rows cells by column; a missing one is empty
 * @param width of the terminal; Infinity never wraps
 */
export function columns(rows: readonly (readonly string[])[], width: number): string {
  const { widths, before } = measured(rows);
  return rows.map((row) => layOut(row, widths, before, width)).join('\n');
}

/** The longest last cell that these rows have room for: what cannot be wrapped is to be cut to that. */
export function roomForLast(rows: readonly (readonly string[])[], width: number): number {
  const left = width - measured(rows).before;
  return left < LEAST ? width - INDENT : left;
}

function measured(rows: readonly (readonly string[])[]): { widths: number[]; before: number } {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count - 1 }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return { widths, before: widths.reduce((sum, each) => sum + each + GAP.length, 0) };
}

function layOut(row: readonly string[], widths: number[], before: number, width: number): string {
  const head = widths.map((each, column) => pad(row[column] ?? '', each) + GAP).join('');
  const last = row[widths.length] ?? '';
  if (before + widthOf(last) <= width) return (head + last).trimEnd();
  const left = width - before;
  if (left < LEAST) return `${head.trimEnd()}\n${indent(wrap(last, width - INDENT), INDENT)}`;
  return head + indent(wrap(last, left), before).trimStart();
}

/** The text with spaces behind it up to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Every line of the text moved to the right. */
export function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
