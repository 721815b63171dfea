/**
 * Text of a process, so that it may stand on a terminal beside that of others: its colours stay,
 * and what would clear the screen, move the cursor, set the title or ring goes. Pure.
 */
import { SGR } from './palette.js';

/** Nearly no line has any of these, C1 ones (U+0080 to U+009F) among them: some terminals obey those. */
const TELLTALE = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

/**
 * Colours (SGR) and links (OSC 8) with what ends them, then any other control sequence or string
 * (ECMA-48, 5.4 and 5.6), then the lone beginning of one, then control characters.
 */
const CONTROLS =
  /(\x1b\[[\d;:]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\))|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|\x9d)[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Nothing in it but text and tabs: the way of nearly all lines. */
export function isHarmless(text: string): boolean {
  return !TELLTALE.test(text);
}

/**
 * A line without what reaches beyond it: a colour that was left on ends with it, and a carriage
 * return (a progress bar) goes back to the text, not over the head.
 * @param head what stands before the line
 */
export function contained(line: string, head: string): string {
  if (isHarmless(line)) return line;
  const parts = line
    .replace(/\r+$/, '')
    .split('\r')
    .map((part) => part.replace(CONTROLS, '$1'));
  const end = parts.some((part) => part.includes('\x1b')) ? SGR.reset : '';
  return parts.join(`\r${head}`) + end;
}
