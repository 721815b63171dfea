/** The forms in which log lines are shown. */
import { formatHeroku, formatTime, type LogLine } from '../../runtime/logplex/line.js';
import { parseStructured } from '../../runtime/logplex/structured.js';
import { contained } from './contained.js';
import { ForemanFormat, type ForemanOptions } from './foreman.js';
import { Palette, SGR } from './palette.js';
import { tinted } from './tint.js';

export const FORMATS = ['foreman', 'heroku', 'json', 'logfmt'] as const;

export type FormatName = (typeof FORMATS)[number];

/** Renders a message; each of its lines has `\n` at its end. */
export type Format = (message: LogLine) => string;

/** Makes the form with this name. `options` beyond `timestamps` matter to foreman's only. */
export function createFormat(name: FormatName, options: ForemanOptions): Format {
  switch (name) {
    case 'foreman': {
      const foreman = new ForemanFormat(options);
      return (message) => foreman.render(message);
    }
    case 'heroku':
      return herokuFormat(options);
    case 'json':
      return (message) => eachLine(message, (line) => jsonLine(line, options));
    case 'logfmt':
      return (message) => eachLine(message, (line) => logfmtLine(line, options));
  }
}

/**
 * Heroku's form, the text as it is for programs; with colours its head has that of the process
 * type, as Heroku's CLI shows it.
 */
function herokuFormat({ timestamps, colour, types, screen }: ForemanOptions): Format {
  const raw = colour === 'plain' && !screen;
  if (timestamps === 'shown' && raw) return formatHeroku;
  const palette = new Palette(types);
  return (message) => {
    const { time, source, process } = message;
    const name = `${timestamps === 'shown' ? `${formatTime(time)} ` : ''}${source}[${process}]:`;
    const head =
      colour === 'plain' ? `${name} ` : `${palette.colourOf(process)}${name}${SGR.reset} `;
    const text = colour === 'plain' ? message.text : tinted(message);
    const lines = text.split('\n').map((line) => head + (raw ? line : contained(line, head)));
    return `${lines.join('\n')}\n`;
  };
}

function eachLine(message: LogLine, render: (line: LogLine) => string): string {
  return message.text
    .split('\n')
    .map((text) => `${render({ ...message, text })}\n`)
    .join('');
}

/** One object per line: `time`, `source`, `process`, `text`; for JSON lines `level` and `fields`. */
function jsonLine(line: LogLine, { timestamps }: ForemanOptions): string {
  const { source, process, text } = line;
  const structured = parseStructured(text);
  return JSON.stringify({
    ...(timestamps === 'shown' && { time: formatTime(line.time) }),
    source,
    process,
    text,
    ...(structured?.level && { level: structured.level }),
    ...(structured && { fields: structured.fields }),
  });
}

/** One line of `key=value`, as the router writes them (https://brandur.org/logfmt). */
function logfmtLine(line: LogLine, { timestamps }: ForemanOptions): string {
  const structured = parseStructured(line.text);
  const pairs: [string, string][] = [
    ...(timestamps === 'shown' ? [['time', formatTime(line.time)] as [string, string]] : []),
    ['source', line.source],
    ['process', line.process],
    ...(structured?.level ? [['level', structured.level] as [string, string]] : []),
    ['text', line.text],
  ];
  return pairs.map(([key, value]) => `${key}=${quoted(value)}`).join(' ');
}

function quoted(value: string): string {
  return /^[^\s"=\\\x00-\x1f\x7f]+$/.test(value) ? value : JSON.stringify(value);
}
