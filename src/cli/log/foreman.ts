/**
 * Foreman's layout: `10:09:39 web.1    | text`. The head has the colour of the process type; the
 * text keeps the colours that the process gave it.
 */
import type { LogLine } from '../../runtime/logplex/line.js';
import { type Level, levelOf } from '../../runtime/logplex/structured.js';
import { type ColourMode, Palette, SGR } from './palette.js';

export interface ForemanOptions {
  readonly colour: ColourMode;
  readonly timestamps: 'shown' | 'hidden';
  /** Process types in the order of the Procfile: they decide the colours. */
  readonly types: readonly string[];
  /** Names that will come (`web.1`), so that the first line is aligned with the last. */
  readonly names: readonly string[];
}

/** Foreman pads names to the longest one, and at least so wide. */
const LEAST_WIDTH = 6;

const LEVEL_COLOURS: Partial<Record<Level, string>> = {
  fatal: SGR.red,
  error: SGR.red,
  warn: SGR.yellow,
  debug: SGR.dim,
  trace: SGR.dim,
};

/** Renders messages one after the other; the column of names grows with the longest name seen. */
export class ForemanFormat {
  readonly #palette: Palette;
  #width: number;
  #second = Number.NaN;
  #clock = '';

  constructor(private readonly options: ForemanOptions) {
    this.#palette = new Palette(options.types);
    this.#width = Math.max(LEAST_WIDTH, ...options.names.map((name) => name.length));
  }

  /**
   * @param message a line or a block of lines
   * @returns the lines, each with `\n` at its end
   */
  render(message: LogLine): string {
    const head = this.#head(message);
    const text = this.options.colour === 'coloured' ? coloured(message) : message.text;
    if (isPlain(text)) return `${head}${text.replaceAll('\n', `\n${head}`)}\n`;
    return text
      .split('\n')
      .map((line) => `${head}${contained(line, head)}\n`)
      .join('');
  }

  #head({ time, process }: LogLine): string {
    this.#width = Math.max(this.#width, process.length);
    const clock = this.options.timestamps === 'shown' ? `${this.#clockAt(time)} ` : '';
    const head = `${clock}${process.padEnd(this.#width)} |`;
    if (this.options.colour === 'plain') return `${head} `;
    return `${this.#palette.colourOf(process)}${head}${SGR.reset} `;
  }

  /** Local time of day. Made once a second: in a flood it would cost more than all the rest. */
  #clockAt(time: number): string {
    const second = Math.floor(time / 1_000_000);
    if (second !== this.#second) {
      const date = new Date(second * 1000);
      this.#second = second;
      this.#clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
        .map((part) => String(part).padStart(2, '0'))
        .join(':');
    }
    return this.#clock;
  }
}

/** Nothing in it moves the cursor or changes a colour: the way of nearly all lines, and fast. */
function isPlain(text: string): boolean {
  return !text.includes('\x1b') && !text.includes('\r');
}

/**
 * A line that may not reach beyond itself: a colour left on ends with it, and a carriage return
 * (a progress bar) goes back to the text, not over the head.
 */
function contained(line: string, head: string): string {
  const ended = line.includes('\x1b') ? `${line}${SGR.reset}` : line;
  return ended.replace(/\r$/, '').replaceAll('\r', `\r${head}`);
}

/**
 * Colours that we add: platform lines dimmed or by how bad they are, JSON lines by their level.
 * What is left on here is ended with the line, like a colour of the process.
 */
function coloured({ source, text }: LogLine): string {
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
