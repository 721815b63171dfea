/**
 * A client of the Heroku Platform API v3 over an app's own socket
 * (https://devcenter.heroku.com/articles/platform-api-reference).
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorId, isSystemError, PlatformError } from '../errors.js';

const ACCEPT = 'application/vnd.heroku+json; version=3';

/** What a request may carry beside its path. */
export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `version ..; max=15, order=desc`. */
  readonly range?: string;
  /** Aborts the request, and a stream that it opened. */
  readonly signal?: AbortSignal;
}

export class ApiClient {
  /** @param socket path of the Unix socket, or name of the pipe, where the API listens */
  constructor(private readonly socket: string) {}

  /**
   * Sends a request and reads the whole answer.
   * @param path with everything in it encoded: `/apps/shop/dynos`
   * @returns the answer's JSON
   * @throws PlatformError with the id and sentence of the API, or `unavailable` when nobody answers
   */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const answer = await this.open(method, path, options);
    return JSON.parse(await readAll(answer)) as T;
  }

  /**
   * Sends a request and gives the answer while it still comes in: log sessions, attached dynos.
   * @throws PlatformError as `request` does; later faults are errors of the stream
   */
  async open(method: string, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
    const answer = await this.send(method, path, options);
    const { statusCode = 500 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw apiError(await readAll(answer), statusCode);
  }

  /**
   * Begins a request whose body the caller writes, and ends when it likes.
   * @param headers beside those that every request has
   */
  start(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | number>> = {},
    signal?: AbortSignal,
  ): ClientRequest {
    return httpRequest({
      socketPath: this.socket,
      method,
      path,
      agent: false,
      headers: { Host: 'localhost', Accept: ACCEPT, ...headers },
      ...(signal ? { signal } : {}),
    });
  }

  /**
   * Opens a connection that carries plain bytes both ways, once the API has agreed.
   * @throws PlatformError as `request` does; later faults are errors of the connection
   */
  connect(path: string): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const request = this.start('GET', path, { Connection: 'Upgrade', Upgrade: 'tcp' });
      request.once('upgrade', (_answer, connection, head) => {
        if (head.length > 0) connection.unshift(head);
        resolve(connection);
      });
      request.once('response', (answer) => {
        readAll(answer).then((text) => reject(apiError(text, answer.statusCode ?? 500)), reject);
      });
      request.once('error', (error) => reject(unreachable(error)));
      request.end();
    });
  }

  private send(method: string, path: string, options: RequestOptions): Promise<IncomingMessage> {
    const { body, range, signal } = options;
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(range === undefined ? {} : { Range: range }),
      ...(json === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) }),
    };
    return new Promise((resolve, reject) => {
      const request = this.start(method, path, headers, signal);
      request.once('response', resolve);
      request.once('error', (error) => reject(unreachable(error)));
      request.end(json);
    });
  }
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    throw unreachable(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function apiError(text: string, status: number): PlatformError {
  const { id, message } = parsed(text);
  return typeof id === 'string' && typeof message === 'string'
    ? new PlatformError(id as ErrorId, message)
    : new PlatformError('internal_server_error', `The app's API answered ${status}.`);
}

function parsed(text: string): { id?: unknown; message?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function unreachable(error: unknown): unknown {
  const gone = isSystemError(error, 'ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE');
  // "socket hang up", "aborted": Node's own words for a connection that ended in the middle.
  const cut = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
  if (!gone && !cut) return error;
  return new PlatformError(
    'unavailable',
    'The app stopped while this was asked of it. Look at the terminal where `paas local start` ran.',
  );
}
