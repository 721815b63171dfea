/** The router's ports, and the connections that came on them. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isSystemError } from '../errors.js';
import type { Authority } from './authority.js';
import { ClientConnection } from './client-connection.js';
import { FAULTS } from './errors.js';
import type { Client } from './exchange.js';
import type { Http2Port } from './http2.js';
import type { Service } from './service.js';
import type { TlsPort, TlsReceiver } from './tls.js';

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Signs the certificates; plain HTTP without it. */
  readonly tls?: Authority;
}

/** So many over the limit are told why not (H22); who comes after those is just cut off. */
const toldWhyNot = (limit: number) => Math.max(16, limit / 10);

export class Listener implements TlsReceiver {
  private readonly servers: Server[] = [];
  private readonly connections = new Set<ClientConnection>();
  /** Every socket that was accepted: those in the middle of a handshake belong to nobody yet. */
  private readonly sockets = new Set<Socket>();
  private tls: TlsPort | undefined;
  private http2: Http2Port | undefined;

  constructor(private readonly service: Service) {}

  /** @see Router.listen */
  async listen({ host, port, tls }: ListenAddress): Promise<{ port: number }> {
    if (tls) await this.prepare(tls);
    const first = await this.bind(host === 'localhost' ? '127.0.0.1' : host, port);
    if (host === 'localhost') {
      await this.bind('::1', first).catch((error: unknown) => {
        if (!isSystemError(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) throw error;
      });
    }
    return { port: first };
  }

  secured(socket: TLSSocket, protocol: 'h2' | 'http/1.1'): void {
    const client: Client = {
      ...clientOf(socket),
      proto: 'https',
      protocol: protocol === 'h2' ? 'http2.0' : 'http1.1',
      tls: (socket.getProtocol() ?? 'unknown').replace('TLSv', 'tls'),
      servername: socket.servername || undefined,
    };
    const refusal = this.open >= this.service.limits.connections ? FAULTS.H22 : undefined;
    if (protocol === 'h2') this.http2!.accept(socket, client, refusal);
    else this.connect(socket, client);
  }

  plain(socket: Socket): void {
    this.connect(socket, { ...clientOf(socket), misplaced: true });
  }

  /** Accepts nothing more, lets open requests finish, cuts what is left after `grace` ms. */
  async close(grace: number): Promise<void> {
    for (const server of this.servers) server.close();
    for (const connection of this.connections) connection.retire();
    this.http2?.retire();
    const deadline = performance.now() + grace;
    while (this.open > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const connection of this.connections) connection.cut();
    this.http2?.cut();
    for (const socket of this.sockets) socket.destroy();
  }

  private get open(): number {
    return this.connections.size + (this.http2?.size ?? 0);
  }

  /** TLS and HTTP/2 are loaded by those who use them. */
  private async prepare(authority: Authority): Promise<void> {
    const [{ TlsPort }, { Http2Port }] = await Promise.all([
      import('./tls.js'),
      import('./http2.js'),
    ]);
    this.http2 = new Http2Port(this.service);
    this.tls = new TlsPort(authority, this, this.service.limits.headTimeout);
    await this.tls.open();
  }

  private async bind(host: string, port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: 4096 }, resolve);
    });
    this.servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  private accept(socket: Socket): void {
    this.service.doorway.arrived();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    const { connections } = this.service.limits;
    if (this.sockets.size > connections + toldWhyNot(connections)) socket.destroy();
    else if (this.tls) this.tls.accept(socket);
    else this.connect(socket, clientOf(socket));
  }

  private connect(socket: Socket, client: Client): void {
    const connection = new ClientConnection(socket, client, this.service, (closed) =>
      this.connections.delete(closed),
    );
    this.connections.add(connection);
    if (this.open > this.service.limits.connections) connection.refuseAll(FAULTS.H22);
  }
}

function clientOf(socket: Socket): Client {
  const address = socket.remoteAddress ?? '';
  return {
    address: address.startsWith('::ffff:') ? address.slice(7) : address,
    port: String(socket.localPort ?? ''),
    proto: 'http',
    protocol: 'http',
    tls: undefined,
    servername: undefined,
    misplaced: false,
  };
}
