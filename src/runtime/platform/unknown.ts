/** The sentence for a thing that is not there, with those that are. */
import { PlatformError } from '../errors.js';

/** @param kind what it is in the API's words: `domain` */
export function unknown(kind: string, wanted: string, known: readonly string[]): PlatformError {
  const list = known.length > 0 ? `There is ${known.join(', ')}.` : 'There is none.';
  return new PlatformError('not_found', `Couldn't find the ${kind} ${wanted}. ${list}`, {
    resource: kind,
  });
}
