/** Hides secrets in log lines: values of config vars that look like credentials, passwords in URLs. Pure. */
import type { ConfigVars, LogMessage } from '../model.js';

/**
 * Whose lines are masked: `platform` is what Heroku itself leaks, such as the expanded command of
 * `Starting process with command`; `all` are the app's own lines too.
 */
export type MaskScope = 'none' | 'platform' | 'all';

/** What stands in the place of a secret. */
export const MASKED = '[masked]';

/** Shorter values are words of their own (`1`, `true`, `dev`): masking them would mask everything. */
const LEAST_LENGTH = 6;

const SECRET_NAME =
  /(^|_)(KEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS?|SALT|DSN|AUTH|PRIVATE|APIKEY|SIGNATURE|COOKIE)(_|\d|$)/i;

/** Known beginnings of tokens: Stripe, GitHub, Slack, AWS, npm, PEM, JWT. */
const SECRET_VALUE =
  /^((sk|pk|rk)_(live|test)_|gh[pousr]_|github_pat_|xox[abprs]-|AKIA|ASIA|npm_|-----BEGIN |eyJ[\w-]+\.eyJ)/;

/**
 * `scheme://user:password@`: the password is what is hidden. Of a scheme so many characters are looked
 * at: without a bound, a line that is one long word would take time by the square of its length.
 */
const URL_PASSWORD = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@"'`]*:)[^\s/?#"'`]+@/gi;

/** Such tokens wherever they come from: a Procfile, an argument. */
const TOKEN =
  /\b((sk|rk)_(live|test)_\w{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|npm_\w{20,})/g;

/** Hides secrets in a text. */
export type Mask = (text: string) => string;

/** The values among config vars that must not be seen, longest first. */
export function secretsIn(config: ConfigVars): string[] {
  const values = Object.entries(config).flatMap(([name, value]) => {
    if (SECRET_NAME.test(name) || SECRET_VALUE.test(value)) return [value];
    const password = passwordOf(value);
    return password ? [password] : [];
  });
  return [...new Set(values.flatMap(linesOf).flatMap(formsOf))].sort(
    (one, other) => other.length - one.length,
  );
}

/** A key over several lines (PEM) is written line by line; its first and last say nothing. */
function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  return lines
    .filter((line) => lines.length === 1 || !line.startsWith('-----'))
    .filter((line) => line.length >= LEAST_LENGTH);
}

/** As it is, as it stands in a JSON line, and as it stands in a URL. */
function formsOf(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodedSafely(value)];
}

/** Makes the mask for these secrets, and passwords in any URL. */
export function createMask(secrets: readonly string[]): Mask {
  const any = secrets.length > 0 && new RegExp(secrets.map(escaped).join('|'), 'g');
  return (text) => {
    const known = any ? text.replace(any, MASKED) : text;
    const hidden =
      known.includes('_') || known.includes('xox') ? known.replace(TOKEN, MASKED) : known;
    // Most texts have no URL with a user in it: looked for first, because it is cheap.
    return hidden.includes('@') ? hidden.replace(URL_PASSWORD, `$1${MASKED}@`) : hidden;
  };
}

/** The message as it may be seen. */
export function masked(message: LogMessage, mask: Mask, scope: MaskScope): LogMessage {
  if (scope === 'none' || (scope === 'platform' && !isPlatform(message))) return message;
  const text = mask(message.text);
  return text === message.text ? message : { ...message, text };
}

function isPlatform({ source, process }: LogMessage): boolean {
  return source === 'heroku' || process === 'api';
}

/** Of `postgres://postgres:postgres@localhost`, none: it is a word, and hidden in URLs only. */
function passwordOf(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const { password } = url;
  url.password = '';
  const isWord = password === '' || url.href.includes(password);
  return isWord ? undefined : decodeURIComponentSafely(password);
}

/** A stray `%` in a password is itself. */
function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Half a surrogate pair cannot be encoded, and is in no URL. */
function encodedSafely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
