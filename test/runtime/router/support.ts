/** A real router between raw sockets: tests spell the bytes on both sides. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, vi } from 'vitest';
import type { Dyno, DynoStatus } from '../../../src/runtime/model.js';
import { Router, type RouterOptions } from '../../../src/runtime/router/router.js';
import type { RoutedApp } from '../../../src/runtime/router/routes.js';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs when the test is over, last added first. */
export function later(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** Waits until a condition holds. */
export async function until(condition: () => unknown): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBeTruthy(), { timeout: 20_000, interval: 5 });
}

export const SHOP: RoutedApp = {
  id: 'app-1',
  name: 'shop',
  hosts: [],
  maintenance: false,
  features: {},
  webQuantity: 1,
  blank: false,
  onlyApp: true,
};

/** A web dyno as the engine tells of it. */
export function webDyno(slot: number, port: number, status: DynoStatus = { state: 'up' }): Dyno {
  return {
    id: `dyno-${slot}-${port}`,
    app: SHOP.id,
    type: 'web',
    slot,
    name: `web.${slot}`,
    command: 'node server.js',
    size: 'Standard-1X',
    release: 1,
    status,
    address: { host: '127.0.0.1', port },
    restarts: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}

/** A router with the app `shop`, its log lines, and where it listens. */
export class Running {
  readonly lines: string[] = [];
  readonly router: Router;
  port = 0;

  constructor(options: Partial<RouterOptions>) {
    this.router = new Router({ log: ({ text }) => this.lines.push(text), ...options });
  }

  /** The log line number `index`, once it is there. */
  async line(index = 0): Promise<string> {
    await until(() => this.lines.length > index);
    return this.lines[index]!;
  }
}

/** @param ports of the dynos that are up, web.1 first */
export async function startRouter(
  ports: readonly number[],
  { app = {}, ...options }: Partial<RouterOptions> & { app?: Partial<RoutedApp> } = {},
): Promise<Running> {
  const running = new Running(options);
  running.router.setApp({ ...SHOP, webQuantity: ports.length, ...app });
  for (const [index, port] of ports.entries())
    running.router.dynoChanged({ ...webDyno(index + 1, port), app: app.id ?? SHOP.id });
  running.port = (await running.router.listen({ host: '127.0.0.1', port: 0 })).port;
  later(() => running.router.close(0));
  return running;
}

/** A server of bare bytes. */
export class Origin {
  /** All that came on each connection, in Latin-1. */
  readonly received: string[] = [];
  readonly sockets: Socket[] = [];
  readonly server: Server;
  port = 0;

  constructor(onBytes: (socket: Socket, soFar: string) => void) {
    this.server = createServer((socket) => {
      const index = this.received.push('') - 1;
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (piece) => {
        this.received[index] += piece.toString('latin1');
        onBytes(socket, this.received[index]!);
      });
    });
  }

  /** Whether any connection of it is still open. */
  get open(): boolean {
    return this.sockets.some((socket) => !socket.destroyed);
  }
}

/** Starts a dyno that calls `onBytes` with each read. */
export async function startOrigin(
  onBytes: (socket: Socket, soFar: string) => void,
): Promise<Origin> {
  const origin = new Origin(onBytes);
  await new Promise<void>((resolve) => origin.server.listen(0, '127.0.0.1', resolve));
  origin.port = (origin.server.address() as AddressInfo).port;
  later(() => {
    for (const socket of origin.sockets) socket.destroy();
    origin.server.close();
  });
  return origin;
}

/** A dyno that answers each request that has no body with these bytes. */
export function answering(bytes: string): Promise<Origin> {
  return startOrigin((socket, soFar) => {
    if (soFar.endsWith('\r\n\r\n')) socket.write(bytes, 'latin1');
  });
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
export const GET = 'GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n';

/** A client of bare bytes. */
export class RawClient {
  received = '';
  closed = false;

  constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      this.received += piece.toString('latin1');
    });
    socket.on('close', () => {
      this.closed = true;
    });
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  /** Waits until the text was received. */
  async receives(text: string): Promise<string> {
    await until(() => this.received.includes(text));
    return this.received;
  }

  /** Waits until the router closed the connection. */
  async ends(): Promise<string> {
    await until(() => this.closed);
    return this.received;
  }
}

/** Connects to a port, and writes. */
export async function open(port: number, bytes = ''): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  const client = new RawClient(socket);
  await new Promise((resolve) => socket.once('connect', resolve));
  later(() => socket.destroy());
  if (bytes !== '') client.send(bytes);
  return client;
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A port whose owner accepts nothing, and whose queue is full: to connect takes for ever. */
export async function deafPort(): Promise<number> {
  const program =
    "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => { process.send(s.address().port, () => process.kill(process.pid, 'SIGSTOP')); })";
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 2, 2, 'ipc'] });
  later(() => child.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) => child.once('message', resolve as () => void));
  const stopped = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').includes(') T ');
  await until(stopped);
  for (let index = 0; index < 4; index += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    later(() => socket.destroy());
  }
  return port;
}
