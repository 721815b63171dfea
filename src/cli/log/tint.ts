/** Colours of the text of log lines that its process did not give it. Pure. */
import type { LogLine } from '../../runtime/logplex/line.js';
import { type Level, levelOf } from '../../runtime/logplex/structured.js';
import { SGR } from './palette.js';

const LEVEL_COLOURS: Partial<Record<Level, string>> = {
  fatal: SGR.red,
  error: SGR.red,
  warn: SGR.yellow,
  debug: SGR.dim,
  trace: SGR.dim,
};

/**
 * Colours that we add: platform lines dimmed or by how bad they are, JSON lines by their level.
 * What is left on here is to be ended with the line, like a colour of the process.
 */
export function tinted({ source, text }: LogLine): string {
  if (source === 'heroku') return eachLine(text, platformColour);
  const structured = text.charCodeAt(0) === 0x7b || text.includes('\n{');
  return structured ? eachLine(text, levelColour) : text;
}

function eachLine(text: string, colourOf: (line: string) => string): string {
  return text
    .split('\n')
    .map((line) => colourOf(line) + line)
    .join('\n');
}

function levelColour(line: string): string {
  const level = levelOf(line);
  return (level && LEVEL_COLOURS[level]) ?? '';
}

function platformColour(line: string): string {
  if (/^Error |(?:^|\s)at=error\s/.test(line)) return SGR.red;
  return /(?:^|\s)at=warning\s/.test(line) ? SGR.yellow : SGR.dim;
}
