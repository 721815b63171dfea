/** Connections of HTTP/2 clients: each stream is an exchange, translated to HTTP/1.1 for the dyno. */
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { refuse } from './direct-answer.js';
import { badRequestPage } from './error-page.js';
import { FAULTS, type RouterFault } from './errors.js';
import { type Client, Exchange, type ExchangeOwner } from './exchange.js';
import { plainFields } from './fields.js';
import { readHttp2Head } from './http2-head.js';
import { Http2Reply } from './http2-reply.js';
import { RequestBody } from './request-body.js';
import type { HeadFault } from './request-head.js';
import type { Service } from './service.js';
import type { Watched } from './watch.js';

/** Requests that one client may have open at a time. */
const STREAMS = 256;

/** Takes the connections on which ALPN chose `h2`. */
export class Http2Port {
  private readonly server: Http2Server;
  private readonly connections = new Set<Http2Connection>();

  constructor(private readonly service: Service) {
    this.server = createServer({
      settings: { maxConcurrentStreams: STREAMS, enableConnectProtocol: false },
      maxHeaderListPairs: service.limits.headerCount + 4,
    });
  }

  /** @param refusal one connection too many: whatever it asks gets this fault */
  accept(socket: TLSSocket, client: Client, refusal?: RouterFault): void {
    this.server.once('session', (session) => {
      const connection = new Http2Connection(session, client, this.service, refusal);
      this.connections.add(connection);
      session.once('close', () => this.connections.delete(connection));
    });
    this.server.emit('connection', socket);
  }

  /** How many connections are open. */
  get size(): number {
    return this.connections.size;
  }

  /** No new streams; each connection closes when its last one ends. */
  retire(): void {
    for (const connection of this.connections) connection.retire();
  }

  cut(): void {
    for (const connection of this.connections) connection.cut();
  }
}

class Http2Connection implements Watched, ExchangeOwner {
  private readonly exchanges = new Set<Exchange>();

  constructor(
    private readonly session: ServerHttp2Session,
    private readonly client: Client,
    private readonly service: Service,
    private readonly refusal: RouterFault | undefined,
  ) {
    service.watch.add(this);
    session.on('error', () => session.destroy());
    session.on('close', () => service.watch.remove(this));
    session.on('stream', (stream: ServerHttp2Stream, ...rest: unknown[]) =>
      this.take(stream, rest[2] as string[]),
    );
    session.setTimeout(service.limits.clientIdle, () => {
      if (this.exchanges.size === 0) session.close();
    });
  }

  retire(): void {
    if (!this.session.closed) this.session.close();
  }

  cut(): void {
    for (const exchange of [...this.exchanges]) exchange.breakOff(FAULTS.H24);
    this.session.destroy();
  }

  check(now: number): void {
    for (const exchange of this.exchanges) exchange.work?.check(now);
  }

  exchangeEnded(exchange: Exchange): void {
    this.exchanges.delete(exchange);
    this.service.ended(exchange);
  }

  private take(stream: ServerHttp2Stream, raw: readonly string[]): void {
    stream.on('error', () => undefined); // told by `close`
    const head = readHttp2Head(raw, stream.readableEnded || stream.endAfterHeaders);
    const body = head.bodyLength === 0 ? undefined : bodyOf(stream);
    const reply = new Http2Reply(stream);
    const exchange = new Exchange(head, this.client, body, reply, this);
    this.exchanges.add(exchange);
    stream.on('drain', () => exchange.work?.drained());
    stream.on('finish', () => stopUpload(stream));
    const gone = () => exchange.clientGone();
    // A reset stream with an unread body does not close. In a moment: our own cut is told here, too.
    stream.on('aborted', () => queueMicrotask(gone)).on('close', gone);
    if (head.fault) refuseHead(exchange, head.fault);
    else if (this.refusal) refuse(exchange, this.refusal);
    else {
      if (head.expectsContinue) reply.inform(100, []);
      this.service.serve(exchange);
    }
    if (this.refusal) this.retire();
  }
}

function refuseHead(exchange: Exchange, { status, sentence, cause }: HeadFault): void {
  exchange.cause = cause;
  const fault = { ...FAULTS.H26, status };
  exchange.respond(badRequestPage(status, exchange.head.accept, sentence), fault);
}

/** The answer is out before the request is in: the client need not send the rest (RFC 9113 8.1). */
function stopUpload(stream: ServerHttp2Stream): void {
  if (!stream.readableEnded && !stream.endAfterHeaders) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** The body of a stream, read as fast as the dyno takes it. */
function bodyOf(stream: ServerHttp2Stream): RequestBody {
  const body = new RequestBody({
    resume: () => stream.resume(),
    abandon: () => stream.resume(),
  });
  let trailers: string[] = [];
  stream.pause();
  stream.on('data', (piece: Buffer) => {
    if (!body.destroyed && !body.give(piece)) stream.pause();
  });
  stream.on('trailers', (_fields: unknown, _flags: number, raw: string[]) => {
    trailers = plainFields(raw);
  });
  stream.on('end', () => {
    if (!body.destroyed) body.complete(trailers);
  });
  return body;
}
