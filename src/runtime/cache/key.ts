/** Under which key a response is stored (RFC 9111 2). Pure. */
import type { CacheRequest } from './messages.js';

/**
 * The URI that a request asks for, in the form in which two requests for the same thing are equal:
 * scheme, host in lower case without its default port, path and query exactly as received. Path case
 * and escapes are left as they are: `/A`, `/a` and `/%61` may be three things to the app.
 */
export function uriOf(request: Pick<CacheRequest, 'scheme' | 'host' | 'path'>): string {
  const path = request.path.startsWith('/') ? request.path : `/${request.path}`;
  return `${request.scheme}://${plainHost(request.host, request.scheme)}${path}`;
}

/** Primary key: the URI within an app. A line break can be in neither, so no two apps meet. */
export function keyOf(app: string, uri: string): string {
  return `${app}\n${uri}`;
}

/** The URI that a primary key was made of. */
export function uriOfKey(key: string): string {
  return key.slice(key.indexOf('\n') + 1);
}

/** A URI as it can be shown: its bytes that are not printable ASCII percent-encoded. */
export function visible(uri: string): string {
  return uri.replace(/[^\x20-\x7e]/g, (character) => {
    const [byte] = Buffer.from(character, 'latin1');
    return `%${byte!.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** Scheme, host and port of a URI: what "same origin" compares. */
export function originOf(uri: string): string {
  const end = uri.indexOf('/', uri.indexOf('://') + 3);
  return end === -1 ? uri : uri.slice(0, end);
}

/** What follows the origin in a URI, query included. */
export function pathOf(uri: string): string {
  return uri.slice(originOf(uri).length);
}

/**
 * Resolves a reference found in a response (`Location`, `Content-Location`).
 * @returns the URI as `uriOf` writes it, or undefined when it is no http(s) URI
 */
export function resolve(reference: string, base: string): string | undefined {
  if (!URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  return `${url.protocol}//${url.host}${url.pathname}${url.search}`;
}

/**
 * A whole URL as somebody types it, to name what is stored: its path stays as it is.
 * @returns the URI as `uriOf` writes it, or undefined when it is no http(s) URL
 */
export function typedUri(text: string): string | undefined {
  const parts = /^(https?):\/\/[^/?#]*([^#]*)/i.exec(text);
  if (!parts || !URL.canParse(text)) return undefined;
  const scheme = parts[1]!.toLowerCase() as 'http' | 'https';
  return uriOf({ scheme, host: new URL(text).host, path: parts[2]! });
}

function plainHost(host: string, scheme: string): string {
  const lower = isLower(host) ? host : host.toLowerCase();
  const standard = scheme === 'https' ? ':443' : ':80';
  return lower.endsWith(standard) ? lower.slice(0, -standard.length) : lower;
}

function isLower(host: string): boolean {
  for (let at = 0; at < host.length; at += 1) {
    const code = host.charCodeAt(at);
    if (code >= 65 && code <= 90) return false;
  }
  return true;
}
