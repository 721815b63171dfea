/** Drains over syslog: octet-counted frames over TCP (RFC 6587) or TLS (RFC 5425). */
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { Trust } from './target.js';
import type { Frame, Outcome, Transport } from './transport.js';
import { isUntrusted } from './trust.js';

/** ms to connect, and for one frame to be taken (reference section 5.6). */
const CONNECT_TIMEOUT = 4_000;
const SEND_TIMEOUT = 4_000;

/** ms after which a connection that carries nothing is closed. */
const IDLE_TIMEOUT = 240_000;

export class SyslogTransport implements Transport {
  #socket: Socket | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly tls: Trust | 'none',
  ) {}

  async send({ bytes }: Frame): Promise<Outcome> {
    try {
      const socket = this.#socket ?? (await this.#connect());
      await written(socket, bytes);
      return 'delivered';
    } catch (error) {
      this.close();
      return isUntrusted(error) ? 'untrusted' : 'failed';
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #connect(): Promise<Socket> {
    const socket = await this.#begin();
    await happens(socket, this.tls === 'none' ? 'connect' : 'secureConnect');
    this.#socket = socket;
    socket.setTimeout(IDLE_TIMEOUT, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    // A receiver has nothing to say; unread, it would keep us from seeing that it has closed.
    socket.resume();
    return socket;
  }

  async #begin(): Promise<Socket> {
    const { host, port } = this;
    if (this.tls === 'none') return connect({ host, port });
    const tls = await import('node:tls');
    const rejectUnauthorized = this.tls === 'verified';
    // An address is no server name (RFC 6066 section 3); Node 26 throws at one.
    const servername = isIP(host) === 0 ? host : '';
    return tls.connect({ host, port, servername, rejectUnauthorized });
  }
}

/** Until the event, or an error, or the end of its time. */
async function happens(socket: Socket, event: string): Promise<void> {
  try {
    await once(socket, event, { signal: AbortSignal.timeout(CONNECT_TIMEOUT) });
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(), SEND_TIMEOUT);
    socket.write(bytes, (error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
  });
}
