/** Kept-alive connections to one dyno. Each carries one request at a time (undici, no pipelining). */
import { connect as connectSocket, type Socket } from 'node:net';
import type { Client, Dispatcher } from 'undici';
import type { Address } from '../model.js';
import type { RouterLimits } from './limits.js';

type Undici = typeof import('undici');

let undici: Undici | undefined;

/** undici costs more than the rest of the router to load: it is not in the way of a start. */
export async function loadUndici(): Promise<Undici> {
  // A bundle of a CommonJS package has its names on `default` only.
  undici ??= (await import('undici')).default as unknown as Undici;
  return undici;
}

/** One connection to a dyno, in use or idle. */
export class DynoConnection {
  constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly owner: DynoConnections,
  ) {}

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.client.dispatch(options, handler);
  }

  /** The request is over; the connection may carry another one. */
  release(): void {
    if (this.client.destroyed) return;
    this.owner.keep(this);
  }

  destroy(): void {
    this.client.destroy().catch(() => undefined); // it reports to its requests
    this.socket.destroy(); // undici does not know it before the first request
  }
}

export class DynoConnections {
  /** The one used last comes first: the others may grow old and close. */
  private readonly idle: DynoConnection[] = [];
  private state: 'open' | 'closed' = 'open';

  constructor(
    readonly address: Address,
    private readonly limits: RouterLimits,
  ) {}

  /** An idle connection, or undefined: then `connect`. */
  take(): DynoConnection | undefined {
    return this.idle.pop();
  }

  /** @throws system errors of the connect; ETIMEDOUT after the limit */
  async connect(): Promise<DynoConnection> {
    const [socket, { Client }] = await Promise.all([this.dial(), loadUndici()]);
    let ready: Socket | undefined = socket;
    const client = new Client(originOf(this.address), {
      connect: (_options, done) => {
        if (ready)
          process.nextTick(done, null, ready); // undici overlooks an answer in the same turn
        else
          this.dial().then(
            (next) => done(null, next),
            (error: Error) => done(error, null),
          );
        ready = undefined;
      },
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: this.limits.dynoIdle,
      maxHeaderSize: 2 * this.limits.responseHeaderLine,
    });
    const connection = new DynoConnection(client, socket, this);
    client.on('disconnect', () => this.forget(connection));
    return connection;
  }

  keep(connection: DynoConnection): void {
    if (this.state === 'open') this.idle.push(connection);
    else connection.destroy();
  }

  /** The dyno stops: what is idle closes now, what works closes when it is done. */
  closeIdle(): void {
    this.state = 'closed';
    for (const connection of this.idle.splice(0)) connection.destroy();
  }

  private forget(connection: DynoConnection): void {
    const at = this.idle.lastIndexOf(connection);
    if (at === -1) return;
    this.idle.splice(at, 1);
    connection.destroy();
  }

  /** A bare connection. @throws system errors of the connect; ETIMEDOUT after the limit */
  dial(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connectSocket({ ...this.address, noDelay: true });
      const timer = setTimeout(
        () => socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })),
        this.limits.connectTimeout,
      );
      socket.once('error', reject);
      socket.once('connect', () => {
        clearTimeout(timer);
        // Until somebody takes it over, a reset must not be an error that nobody hears.
        socket.off('error', reject).on('error', () => undefined);
        resolve(socket);
      });
      socket.once('close', () => clearTimeout(timer));
    });
  }
}

function originOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
