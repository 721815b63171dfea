/**
 * How many connections the files that this process may open allow for. A flood of clients must not
 * take those that the dynos' side and the platform itself need.
 */
import { readFileSync } from 'node:fs';
import type { RouterLimits } from './limits.js';

/** For logs, pipes of dynos, the API, and what is read now and then. */
const RESERVED = 128;
/** The clients' part of the others. */
const SHARE = 0.75;
/** However few there are, something has to work. */
const LEAST = 8;

/** The limits, with no more connections than there can be. @param files that may be open */
export function withinDescriptors(limits: RouterLimits, files: number): RouterLimits {
  const most = Math.max(LEAST, Math.floor((files - RESERVED) * SHARE));
  return limits.connections <= most ? limits : { ...limits, connections: most };
}

/** Files that this process may have open. Linux tells; elsewhere Node raises it as far as it can be. */
export function openFilesLimit(): number {
  try {
    const found = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    return found ? Number(found[1]) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
