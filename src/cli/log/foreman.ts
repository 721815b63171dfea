/**
 * Foreman's layout: `10:09:39 web.1    | text`. The head has the colour of the process type; the
 * text keeps the colours that the process gave it.
 */
import type { LogLine } from '../../runtime/logplex/line.js';
import { contained, isHarmless } from './contained.js';
import { type ColourMode, Palette, SGR } from './palette.js';
import { tinted } from './tint.js';

export interface ForemanOptions {
  readonly colour: ColourMode;
  readonly timestamps: 'shown' | 'hidden';
  /** Whether a screen is at the end of it, which the lines must not upset. */
  readonly screen?: boolean;
  /** Process types in the order of the Procfile: they decide the colours. */
  readonly types: readonly string[];
  /** Names that will come (`web.1`), so that the first line is aligned with the last. */
  readonly names: readonly string[];
}

/** Foreman pads names to the longest one, and at least so wide. */
const LEAST_WIDTH = 6;

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
    const text = this.options.colour === 'coloured' ? tinted(message) : message.text;
    if (isHarmless(text)) return `${head}${text.replaceAll('\n', `\n${head}`)}\n`;
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
