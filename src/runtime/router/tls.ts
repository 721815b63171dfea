/**
 * TLS on the router's port: a certificate by the name that is asked for, HTTP/2 or 1.1 by ALPN, and
 * a way to tell plain HTTP apart, which lands on the same port when somebody types `http://`.
 */
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import type { Authority } from './authority.js';

/** First byte of a TLS handshake record (RFC 8446 section 5.1). */
const HANDSHAKE = 0x16;

/** Who takes the connections. */
export interface TlsReceiver {
  /** @param protocol as ALPN agreed */
  secured(socket: TLSSocket, protocol: 'h2' | 'http/1.1'): void;
  /** Not TLS; nothing was read of it yet. */
  plain(socket: Socket): void;
}

export class TlsPort {
  private readonly server: Server;

  constructor(
    private readonly authority: Authority,
    private readonly receiver: TlsReceiver,
    /** ms that a client has for its first byte, and then for its handshake. */
    private readonly timeout: number,
  ) {
    this.server = createServer({
      handshakeTimeout: timeout,
      ALPNProtocols: ['h2', 'http/1.1'],
      SNICallback: (name, done) => this.contextFor(name.toLowerCase(), done),
      minVersion: 'TLSv1.2',
    });
    this.server.on('secureConnection', (socket) =>
      receiver.secured(socket, socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1'),
    );
    // A handshake that fails (a certificate nobody trusts yet) has no request to answer.
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Makes the certificate of clients that name no host: those that ask by address. */
  async open(): Promise<void> {
    this.server.setSecureContext(await this.authority.certificateFor('localhost'));
  }

  /** Takes a connection on the port, and looks at its first byte. */
  accept(socket: Socket): void {
    socket.setTimeout(this.timeout, () => socket.destroy());
    socket.once('error', () => socket.destroy());
    socket.once('readable', () => {
      socket.setTimeout(0).removeAllListeners('timeout');
      const first = socket.read() as Buffer | null;
      if (first === null) {
        socket.destroy();
        return;
      }
      socket.unshift(first);
      if (first[0] === HANDSHAKE) this.server.emit('connection', socket);
      else this.receiver.plain(socket);
    });
  }

  private contextFor(
    name: string,
    done: (error: Error | null, context?: ReturnType<typeof createSecureContext>) => void,
  ): void {
    this.authority.certificateFor(name).then(
      (credentials) => done(null, createSecureContext(credentials)),
      (error: Error) => done(error),
    );
  }
}
