/** Where the servers that run in the platform itself listen. */
import type { Server } from 'node:net';
import { PlatformError } from '../../errors.js';

/** A number, not a name: to that the SDKs of S3 add no name of a bucket. */
export const HOST = '127.0.0.1';

/** Resolves when the server listens there. @throws PlatformError unavailable when it cannot */
export function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new PlatformError('unavailable', `Can't listen on port ${port}: ${error.message}.`)),
    );
    server.listen(port, HOST, resolve);
  });
}
