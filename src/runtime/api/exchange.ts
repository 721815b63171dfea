/** One call of the API, as its handler sees it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PlatformError } from '../errors.js';
import type { ApiContext } from './context.js';

/** Bytes that a request's body may have: config vars are 64 KB at most. */
const MOST_BODY = 1024 * 1024;

/** A handler's answer: JSON with a status, or a handler that wrote to the response itself. */
export type Answer =
  | { readonly status: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | 'streamed';

export type Handler = (call: Call) => Answer | Promise<Answer>;

export const ok = (json: unknown): Answer => ({ status: 200, json });
export const created = (json: unknown): Answer => ({ status: 201, json });
export const accepted = (json: unknown = {}): Answer => ({ status: 202, json });

/** What a handler gets. */
export class Call {
  constructor(
    readonly context: ApiContext,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly query: URLSearchParams,
    private readonly params: Readonly<Record<string, string>>,
  ) {}

  /** A part of the path, decoded: `app` in `/apps/{app}`. */
  param(name: string): string {
    const value = this.params[name];
    if (value === undefined) throw new Error(`the route has no {${name}}`);
    return value;
  }

  /**
   * The body as a JSON object; an empty body is an empty object.
   * @throws PlatformError bad_request when it is too large or no JSON object
   */
  async body(): Promise<Record<string, unknown>> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_BODY)
        throw new PlatformError('bad_request', 'The request body is over 1 MB.');
      chunks.push(chunk);
    }
    if (size === 0) return {};
    let json: unknown;
    try {
      json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
      throw new PlatformError('bad_request', 'The request body is not JSON.');
    }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new PlatformError('bad_request', 'The request body must be a JSON object.');
    }
    return json as Record<string, unknown>;
  }
}

/** A field of a body that must be a string. @throws PlatformError invalid_params */
export function stringIn(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value === '') {
    throw new PlatformError('invalid_params', `"${field}" must be a string that is not empty.`);
  }
  return value;
}
