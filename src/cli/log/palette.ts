/** Colours of log lines as SGR codes (ECMA-48, 8.3.117). Pure. */

/** Whether our output is coloured; the caller decides (flag, NO_COLOR, FORCE_COLOR, a terminal). */
export type ColourMode = 'coloured' | 'plain';

/** Codes of one colour, by name. */
export const SGR = {
  reset: '\x1b[0m',
  dim: '\x1b[2m',
  red: '\x1b[31m',
  green: '\x1b[32m',
  yellow: '\x1b[33m',
  blue: '\x1b[34m',
  magenta: '\x1b[35m',
  cyan: '\x1b[36m',
} as const;

/** Foreman's colours in foreman's order; the bright ones after them. */
const TYPE_COLOURS = [36, 33, 32, 35, 31, 34, 96, 93, 92, 95, 91, 94].map(
  (code) => `\x1b[${code}m`,
);

/** Processes that are the platform's own: they have no colour, so that the app stands out. */
const PLATFORM = new Set(['router', 'api', 'logplex', 'heroku', 'paas']);

/** Gives each process type its colour: by Procfile order, later ones in order of appearance. */
export class Palette {
  readonly #types: string[];

  /** @param types process types in the order of the Procfile */
  constructor(types: readonly string[]) {
    this.#types = [...types];
  }

  /** The code that begins the colour of a process (`web.1`). */
  colourOf(process: string): string {
    const type = process.split('.')[0] ?? process;
    if (PLATFORM.has(type)) return SGR.dim;
    if (!this.#types.includes(type)) this.#types.push(type);
    return TYPE_COLOURS[this.#types.indexOf(type) % TYPE_COLOURS.length]!;
  }
}
