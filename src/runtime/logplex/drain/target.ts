/** What the URL of a drain means (reference sections 5.5 and 5.6). Pure. */
import { fileURLToPath } from 'node:url';
import { PlatformError } from '../../errors.js';

/** Whether a server must prove who it is: `#insecure` at the end of the URL lets it be. */
export type Trust = 'verified' | 'insecure';

export type DrainTarget =
  | { readonly kind: 'http'; readonly url: URL; readonly trust: Trust }
  | {
      readonly kind: 'syslog';
      readonly host: string;
      readonly port: number;
      readonly tls: Trust | 'none';
    }
  | { readonly kind: 'file'; readonly path: string };

/** Ports of syslog over TCP (RFC 6587; 601 as Logplex has it) and over TLS (RFC 5425). */
const SYSLOG_PORT = 601;
const SYSLOG_TLS_PORT = 6514;

/**
 * @param text `https://user:secret@host/path`, `http://…`, `syslog://host:port`,
 *   `syslog+tls://host:port`, `file:///path`
 * @throws PlatformError invalid_params, without the secrets of the URL
 */
export function parseDrainUrl(text: string): DrainTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const trust = url?.hash === '#insecure' ? 'insecure' : 'verified';
  switch (url?.protocol) {
    case 'http:':
    case 'https:':
      checkUser(url);
      return { kind: 'http', url, trust };
    case 'syslog:':
    case 'syslog+tcp:':
    case 'tcpsyslog:':
      return syslog(url, SYSLOG_PORT, 'none');
    case 'syslog+tls:':
      return syslog(url, SYSLOG_TLS_PORT, trust);
    case 'file:':
      if (url.host === '') return { kind: 'file', path: fileURLToPath(url) };
  }
  throw new PlatformError(
    'invalid_params',
    `Can't drain to ${maskUrl(text) || 'nothing'}. Give a URL that begins with https://, http://, syslog://, syslog+tls:// or file:///.`,
  );
}

/** The URL parser lets a stray `%` be, and Node's HTTP client throws at it. */
function checkUser({ username, password }: URL): void {
  try {
    decodeURIComponent(`${username}:${password}`);
  } catch {
    throw new PlatformError(
      'invalid_params',
      'The user or password of that URL has a % that begins no escape. Write it as %25.',
    );
  }
}

function syslog(url: URL, port: number, tls: Trust | 'none'): DrainTarget {
  // IPv6 addresses stand in brackets in URLs only.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') {
    throw new PlatformError(
      'invalid_params',
      `${maskUrl(url.href)} has no host. Write it like ${url.protocol}//logs.example.com:${port}.`,
    );
  }
  return { kind: 'syslog', host, port: url.port === '' ? port : Number(url.port), tls };
}

/** What may stand before an `@` in a URL that is one, and in what was meant to be one. */
const USER = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;
const ANYTHING = /^([a-z][a-z0-9+.-]*:\/\/)?.*@/is;

/** A part of a path that is a key: collectors take them there (`/inputs/<uuid>/tag/http`). */
const KEY = /(?<=\/)(?=[^/?#]*\d)(?=[^/?#]*[a-z])[\w~=%+-]{20,}(?=[/?#]|$)/gi;

/**
 * The URL as it may be printed: without user, password, query, and keys in its path. Of what is not
 * a URL nothing is shown before an `@`, because nobody knows what it was meant to be.
 */
export function maskUrl(text: string): string {
  // The URL parser takes these away, too.
  const url = text.trim().replace(/[\t\r\n]/g, '');
  const whole = URL.canParse(url) && /^[^:/]+:\/\//.test(url);
  const shown = url.replace(whole ? USER : ANYTHING, '$1****@').replace(/\?[^#]*/, '?****');
  return shown.startsWith('file:') ? shown : shown.replace(KEY, '****');
}
