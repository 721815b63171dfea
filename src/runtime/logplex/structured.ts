/** JSON lines of a dyno: recognised, never changed. Pure. */

/** Levels in the words that most loggers use, from most to least urgent. */
export type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** A JSON line: its fields as they are, and its level where it has one that we know. */
export interface Structured {
  readonly level: Level | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

const LEVELS: Readonly<Record<string, Level>> = {
  fatal: 'fatal',
  panic: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  alert: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  err: 'error',
  error: 'error',
  warn: 'warn',
  warning: 'warn',
  notice: 'info',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
};

/** Numbers of pino and bunyan: https://getpino.io/#/docs/api?id=loggerlevels-object */
const LEVEL_NUMBERS: Readonly<Record<string, Level>> = {
  '60': 'fatal',
  '50': 'error',
  '40': 'warn',
  '30': 'info',
  '20': 'debug',
  '10': 'trace',
};

const LEVEL_FIELD = /"(?:level|severity|lvl|log\.level)"\s*:\s*(?:"([a-zA-Z]+)"|(\d+))/;

/** True for a line that may be a JSON object: cheap enough to ask of every line. */
export function looksStructured(line: string): boolean {
  return line.charCodeAt(0) === 0x7b && line.charCodeAt(line.length - 1) === 0x7d;
}

/**
 * The level of a JSON line without parsing it, for colours in a flood.
 * @returns undefined when it is no JSON object or names no level that we know
 */
export function levelOf(line: string): Level | undefined {
  if (!looksStructured(line)) return undefined;
  const [, word, number] = LEVEL_FIELD.exec(line) ?? [];
  return word ? LEVELS[word.toLowerCase()] : LEVEL_NUMBERS[number ?? ''];
}

/**
 * The fields of a JSON line.
 * @returns undefined when the line is not a JSON object
 */
export function parseStructured(line: string): Structured | undefined {
  if (!looksStructured(line)) return undefined;
  try {
    const fields = JSON.parse(line) as Record<string, unknown>;
    return { level: levelOf(line), fields };
  } catch {
    return undefined; // Any text may begin and end with braces.
  }
}

/**
 * Whether a JSON line has a field with this value. `level` matches by meaning: `level=error` finds
 * `"level":50` and `"severity":"ERROR"` too.
 * @param name a field, with dots for fields within fields: `http.status`
 */
export function hasField(line: string, name: string, value: string): boolean {
  const structured = parseStructured(line);
  if (!structured) return false;
  if (name === 'level' && structured.level === LEVELS[value.toLowerCase()] && structured.level) {
    return true;
  }
  const found = structured.fields[name] ?? within(structured.fields, name.split('.'));
  return (
    found !== undefined && (typeof found === 'string' ? found : JSON.stringify(found)) === value
  );
}

function within(fields: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[key]
        : undefined,
    fields,
  );
}
