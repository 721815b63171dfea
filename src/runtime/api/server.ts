/**
 * The Heroku Platform API v3 over the app's own socket: one route table, one place where errors
 * become HTTP (https://devcenter.heroku.com/articles/platform-api-reference).
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorId, PlatformError } from '../errors.js';
import { before } from './before.js';
import type { ApiContext } from './context.js';
import { Call } from './exchange.js';
import { matchRoute, UPGRADE } from './routes.js';

const STATUS: Readonly<Record<ErrorId, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  confirmation_required: 423,
  invalid_params: 422,
  failed: 422,
  unavailable: 503,
  internal_server_error: 500,
};

export class ApiServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Calls that are being answered. */
  private readonly calls = new Set<Promise<void>>();

  /** @param onDefect hears of errors that are no PlatformError: defects of ours */
  constructor(
    private readonly context: ApiContext,
    private readonly onDefect: (error: unknown) => void,
  ) {
    this.server = createServer((request, response) =>
      this.take(request, response, [request.method ?? 'GET']),
    );
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    // Log sessions and attached one-offs stay open for as long as their reader does.
    this.server.requestTimeout = 0;
    this.server.keepAliveTimeout = 1000;
  }

  /** Serves a connection that somebody else accepted: so `server` itself knows of none. */
  accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    this.server.emit('connection', socket);
  }

  /**
   * Tells who runs a one-off dyno on a terminal that the platform stops.
   * @param patience aborted when those dynos have had long enough to end
   */
  hangUp(patience: AbortSignal): Promise<void> {
    return this.context.leases.hangUp(patience);
  }

  /**
   * Ends every open call. Streams of the log that have come to their end are read to it first.
   * @param grace ms that readers have
   */
  async close(grace: number): Promise<void> {
    const patience = AbortSignal.timeout(grace);
    await before(patience, Promise.all(this.calls));
    const closed = [...this.sockets].map((socket) => once(socket, 'close'));
    for (const socket of this.sockets) socket.destroySoon();
    await before(patience, Promise.all(closed));
    for (const socket of this.sockets) socket.destroy();
  }

  private take(
    request: IncomingMessage,
    response: ServerResponse,
    methods: readonly string[],
  ): void {
    const call = this.answer(request, response, methods).finally(() => this.calls.delete(call));
    this.calls.add(call);
  }

  /** A refusal is an answer like any other; what is granted goes on with the socket itself. */
  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (head.length > 0) socket.unshift(head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    // A server may ignore the wish (RFC 9110, section 7.8): `curl --http2` asks for h2c in passing.
    this.take(request, response, [UPGRADE, request.method ?? 'GET']);
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    methods: readonly string[],
  ): Promise<void> {
    response.setHeader('Request-Id', randomUUID());
    try {
      await this.dispatch(request, response, methods);
    } catch (error) {
      this.refuse(response, error);
    }
  }

  private async dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    methods: readonly string[],
  ): Promise<void> {
    // As it came: `URL` would read `/streams/../apps` as `/apps`, and refuse `//`.
    const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(request.url ?? '/') ?? [];
    const match = methods.map((method) => matchRoute(method, path)).find((found) => found);
    if (!match) {
      throw new PlatformError('not_found', `${request.method} ${path} is not a part of this API.`);
    }
    const parameters = new URLSearchParams(query);
    const call = new Call(this.context, request, response, parameters, match.params);
    const answer = await match.handler(call);
    if (answer !== 'streamed') send(response, answer.status, answer.json, answer.headers);
  }

  private refuse(response: ServerResponse, error: unknown): void {
    const known = error instanceof PlatformError;
    if (!known) this.onDefect(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const id = known ? error.id : 'internal_server_error';
    const message = known
      ? error.message
      : 'Something went wrong inside paas. Start it with DEBUG=paas* to see where.';
    const resource = known ? error.details.resource : undefined;
    send(response, STATUS[id], { id, message, ...(resource ? { resource } : {}) });
  }
}

function send(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(json);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
