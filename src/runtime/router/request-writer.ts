/** Writes a request to a dyno's connection, its body only as fast as the dyno takes it. */
import type { DynoConnection } from './dyno-connection.js';
import { fieldLines } from './headers.js';
import { RequestBody } from './request-body.js';

/** What is written. */
export interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Flat, all but `Host`; the Content-Length of a body that has one among them. */
  readonly fields: readonly string[];
  /** Nothing, a body that came whole, or one that still comes. */
  readonly body: RequestBody | Buffer | undefined;
  /** Bytes of body as the client told, CHUNKED where it did not. */
  readonly bodyLength: number;
}

/** Hears how far it came. */
export interface WriterEvents {
  /** A piece of the body left. */
  moved(): void;
  /** The request has left whole. */
  sent(): void;
  /** The body is not as long as was told: what left of it is no request. */
  spoiled(): void;
}

/** Bodies up to this size are copied, and leave with the head in one write. */
const SMALL = 4096;
/** Methods whose requests say so when they have no body (RFC 9110 section 8.6). */
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

export class RequestWriter {
  private state: 'writing' | 'done' = 'writing';
  private remaining = 0;
  private framing: 'counted' | 'chunked' = 'counted';

  constructor(
    private readonly connection: DynoConnection,
    private readonly request: OutgoingRequest,
    private readonly events: WriterEvents,
  ) {}

  begin(): void {
    const { body, method, path, host, fields } = this.request;
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${fieldLines(fields)}`;
    if (body instanceof RequestBody) {
      this.begunBody(body, head);
      return;
    }
    this.state = 'done';
    if (body === undefined) {
      this.connection.write(
        `${head}${WITH_CONTENT.has(method) ? 'Content-Length: 0\r\n' : ''}\r\n`,
      );
    } else if (body.length <= SMALL) {
      this.connection.write(`${head}\r\n${body.toString('latin1')}`);
    } else {
      this.connection.cork();
      this.connection.write(`${head}\r\n`);
      this.connection.write(body);
      this.connection.uncork();
    }
    this.events.sent();
  }

  /** The dyno takes more. */
  drained(): void {
    const { body } = this.request;
    if (body instanceof RequestBody && this.state === 'writing') body.resume();
  }

  /** Nobody wants the rest of the body. */
  stop(): void {
    this.state = 'done';
    const { body } = this.request;
    if (body instanceof RequestBody) body.destroy();
  }

  private begunBody(body: RequestBody, head: string): void {
    const { bodyLength } = this.request;
    this.framing = bodyLength >= 0 ? 'counted' : 'chunked';
    this.remaining = bodyLength;
    this.connection.write(
      `${head}${this.framing === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : ''}\r\n`,
    );
    body.on('data', (piece: Buffer) => this.give(piece, body));
    body.once('end', () => this.end(body));
  }

  private give(piece: Buffer, body: RequestBody): void {
    if (this.state === 'done') return;
    this.events.moved();
    const { connection } = this;
    let more: boolean;
    if (this.framing === 'chunked') {
      connection.cork();
      connection.write(`${piece.length.toString(16)}\r\n`);
      connection.write(piece);
      more = connection.write('\r\n');
      connection.uncork();
    } else {
      this.remaining -= piece.length;
      if (this.remaining < 0) {
        this.spoil();
        return;
      }
      more = connection.write(piece);
    }
    if (!more) body.pause();
  }

  private end(body: RequestBody): void {
    if (this.state === 'done') return;
    if (this.framing === 'counted' && this.remaining > 0) {
      this.spoil();
      return;
    }
    this.state = 'done';
    if (this.framing === 'chunked') this.connection.write(`0\r\n${fieldLines(body.trailers)}\r\n`);
    this.events.sent();
  }

  private spoil(): void {
    this.state = 'done';
    this.events.spoiled();
  }
}
