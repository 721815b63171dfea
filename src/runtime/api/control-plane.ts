/**
 * The app's own socket. It listens from the first moment of a start, so that a second start in the
 * same folder meets somebody; the API itself is loaded later, and connections wait for it.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { isSystemError, PlatformError } from '../errors.js';

/** Whoever serves the connections. */
export interface ConnectionServer {
  accept(socket: Socket): void;
}

export class ControlPlane {
  private readonly waiting: Socket[] = [];
  private api: ConnectionServer | undefined;

  private constructor(
    readonly path: string,
    private readonly server: Server,
  ) {
    server.on('connection', (socket) => {
      if (this.api) this.api.accept(socket);
      else this.waiting.push(socket.pause());
    });
  }

  /**
   * Listens on a Unix socket that only this user may open.
   * @throws PlatformError unavailable when there can be no socket at that path
   */
  static async listen(path: string): Promise<ControlPlane> {
    const server = createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new PlatformError(
        'unavailable',
        `Can't listen on ${path} (${error.code}). Set PAAS_RUNTIME_DIR to a folder on a local disk that you can write.`,
      );
    }
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    return new ControlPlane(path, server);
  }

  /** From now on the API serves, those first who waited. */
  serve(api: ConnectionServer): void {
    this.api = api;
    for (const socket of this.waiting.splice(0)) {
      api.accept(socket);
      socket.resume();
    }
  }

  close(): void {
    for (const socket of this.waiting.splice(0)) socket.destroy();
    this.server.close();
    if (process.platform !== 'win32') rmSync(this.path, { force: true });
  }
}
