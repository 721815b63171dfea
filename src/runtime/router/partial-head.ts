/** What can be said of a request before its head is whole. Pure. */
import type { RouterLimits } from './limits.js';
import { HeadFault } from './request-head.js';

/**
 * Looks at a head that is not whole, or too long.
 * @param input what came of it
 * @param end where the empty line is, -1 while it is not there
 * @returns why it is refused now: it is too long, or no HTTP at all
 */
export function partialHeadFault(
  input: Buffer,
  end: number,
  limits: RouterLimits,
): HeadFault | undefined {
  if (end > limits.head || input.length > limits.head) {
    return new HeadFault(400, 'The header fields are too long or too many.');
  }
  if (input.length > limits.requestLine && input.indexOf('\r\n') === -1) {
    return new HeadFault(414, 'The request line is too long.');
  }
  if (/(?<!\r)\n/.test(input.toString('latin1', 0, limits.requestLine))) {
    return new HeadFault(400, 'Lines end with CR LF.');
  }
  return undefined;
}
