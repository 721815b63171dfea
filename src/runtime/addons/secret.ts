/** What nobody can guess: passwords, keys, and names that no two things share. */
import { randomBytes } from 'node:crypto';

/** @returns that many random bytes, as two hex digits each */
export function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
