/** What a request that changes things makes invalid (RFC 9111 4.4). Pure. */
import { lines } from './fields.js';
import { originOf, resolve } from './key.js';
import type { RawHeaders } from './messages.js';

/** Methods that change nothing (RFC 9110 9.2.1 and the registry); every other one, known or not, may. */
const SAFE_METHODS = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'REPORT',
  'SEARCH',
  'QUERY',
  'PRI',
]);

export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * The URIs whose stored responses are no longer right after an answer to an unsafe method: the target,
 * and what Location and Content-Location name on the same origin. An error changes nothing.
 * @param uri the target, as `uriOf` gives it
 */
export function invalidated(uri: string, status: number, headers: RawHeaders): string[] {
  if (status < 200 || status > 399) return [];
  const named = [...lines(headers, 'location'), ...lines(headers, 'content-location')]
    .map((reference) => resolve(reference, uri))
    .filter((other): other is string => other !== undefined && originOf(other) === originOf(uri));
  return [...new Set([uri, ...named])];
}

/**
 * Whether the answer to a POST is also what a later GET of the same URI would get (RFC 9110 9.3.3).
 */
export function isOwnRepresentation(uri: string, status: number, headers: RawHeaders): boolean {
  const [location, ...more] = lines(headers, 'content-location');
  if (location === undefined || more.length > 0 || status !== 200) return false;
  return resolve(location, uri) === resolve('', uri);
}
