/** Facts of a database as Heroku's API gives them, and as they are shown. Pure. */
import { columns } from '../table.js';

/** One fact: its name, and its values. */
export interface InfoLine {
  readonly name: string;
  readonly values: readonly string[];
}

/** `Plan:  essential-0`, aligned. */
export function infoTable(lines: readonly InfoLine[], width: number): string {
  return columns(
    lines.map(({ name, values }) => [`${name}:`, values.join(', ')]),
    width,
  );
}
