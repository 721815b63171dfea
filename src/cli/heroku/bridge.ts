/**
 * The API on a loopback port, for a program that cannot open a Unix socket: Heroku's own command
 * line. It lives as long as that program, and serves only who knows its token.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stream of the log. Nothing else of a path: the API reads `/streams/../apps` as `/apps`. */
const STREAM = /^\/streams\/[\w-]+(\?|$)/;

export class Bridge {
  readonly token = randomBytes(24).toString('hex');
  private readonly server: Server;

  private constructor(private readonly socketPath: string) {
    this.server = createServer((request, response) => this.pass(request, response));
    this.server.requestTimeout = 0; // a tail of the log stays open
  }

  /** Listens on a port of the system's choice. @param socketPath of the app's API */
  static async open(socketPath: string): Promise<Bridge> {
    const bridge = new Bridge(socketPath);
    bridge.server.listen(0, '127.0.0.1');
    await once(bridge.server, 'listening');
    return bridge;
  }

  /** `http://127.0.0.1:41234`: Heroku's client trusts this host and `localhost`, and no other. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    if (!this.isAllowed(request)) {
      response.writeHead(401, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ id: 'unauthorized', message: 'This is not your app.' }));
      return;
    }
    const { method, url, headers } = request;
    const onward = httpRequest({ socketPath: this.socketPath, method, path: url, headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  /** A stream of the log has its secret in its path, and is asked for without a token. */
  private isAllowed({ method, url = '', headers }: IncomingMessage): boolean {
    if (method === 'GET' && STREAM.test(url)) return true;
    const [scheme, given = ''] = (headers.authorization ?? '').split(' ');
    // Some data commands send the key as a password (`:key`).
    const key =
      scheme === 'Basic' ? Buffer.from(given, 'base64').toString().replace(/^.*?:/, '') : given;
    const [one, other] = [Buffer.from(key), Buffer.from(this.token)];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}
