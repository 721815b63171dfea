/** Reads a small file of /proc with as few system calls as there can be: there are many of them. */
import { closeSync, openSync, readSync } from 'node:fs';

/** What is longer is cut. */
const LONGEST = 4096;
const BUFFER = Buffer.allocUnsafeSlow(LONGEST);

/** @returns undefined when it cannot be read: the process has ended, mostly */
export function readSmall(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return BUFFER.toString('latin1', 0, readSync(file, BUFFER, 0, LONGEST, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
