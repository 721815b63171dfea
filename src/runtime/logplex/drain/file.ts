/** Drains into a file: the lines as Heroku prints them, added at its end. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Frame, Outcome, Transport } from './transport.js';

/** Non-blocking: a named pipe that nobody reads would hold a thread for ever, and our end with it. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

export class FileTransport implements Transport {
  constructor(private readonly path: string) {}

  /** Opens the file each time: another program may have moved it away. */
  async send({ bytes }: Frame): Promise<Outcome> {
    const file = await open(this.path, FLAGS, 0o600).catch(() => undefined);
    if (!file) return 'unreachable';
    try {
      return await appended(file, bytes);
    } finally {
      await file.close();
    }
  }

  close(): void {}
}

/** All of it or nothing: what a full disk took of it is cut off again. */
async function appended(file: FileHandle, bytes: Buffer): Promise<Outcome> {
  const stats = await file.stat();
  try {
    await file.appendFile(bytes);
    return 'delivered';
  } catch {
    if (stats.isFile()) await file.truncate(stats.size).catch(() => undefined);
    return 'failed';
  }
}
