/** Cuts a request's body out of the bytes of an HTTP/1.1 connection. */
import type { Socket } from 'node:net';
import { ChunkedDecoder } from './chunked.js';
import type { Http1Reply } from './http1-reply.js';
import type { RouterLimits } from './limits.js';
import { type BodySource, RequestBody } from './request-body.js';
import { CHUNKED, type HeadFault, type RequestHead } from './request-head.js';

export class IncomingBody implements BodySource {
  /** True once the last byte came. */
  complete = false;
  private remaining: number;
  private readonly decoder: ChunkedDecoder | undefined;
  private stream: RequestBody | undefined;
  /** What came before anybody asked: with the head, in the same read. */
  private early: Buffer[] = [];
  private reading: 'held' | 'streamed' | 'discarded' = 'held';
  /** The client waits for `100 Continue`. An answer without it ends the connection (RFC 9110 10.1.1). */
  private continueOwed: boolean;
  private readonly keepAlive: boolean;

  constructor(
    head: RequestHead,
    limits: RouterLimits,
    private readonly socket: Socket,
    private readonly reply: Http1Reply,
  ) {
    this.remaining = head.bodyLength;
    this.decoder = head.bodyLength === CHUNKED ? new ChunkedDecoder(limits) : undefined;
    this.continueOwed = head.expectsContinue;
    this.keepAlive = reply.keepAlive;
    if (this.continueOwed) reply.keepAlive = false;
  }

  /** @returns how many bytes of the piece belong to this body, or what is wrong */
  feed(piece: Buffer): number | HeadFault {
    if (this.decoder) {
      const taken = this.decoder.feed(piece, (content) => this.give(content));
      if (typeof taken === 'number' && this.decoder.done) this.end(this.decoder.trailers);
      return taken;
    }
    const taken = Math.min(piece.length, this.remaining);
    if (taken > 0) this.give(taken === piece.length ? piece : piece.subarray(0, taken));
    this.remaining -= taken;
    if (this.remaining === 0) this.end([]);
    return taken;
  }

  /** The body for the dyno: the bytes when they are all there, else a stream of them. */
  forDyno(): Buffer | RequestBody {
    if (this.complete && !this.decoder) return Buffer.concat(this.early);
    this.stream = new RequestBody(this);
    this.reading = 'streamed';
    for (const piece of this.early) this.stream.give(piece);
    this.early = [];
    if (this.complete) this.stream.complete(this.decoder?.trailers ?? []);
    else this.socket.pause();
    return this.stream;
  }

  /** Reads the rest and forgets it. */
  discard(): void {
    this.reading = 'discarded';
    this.socket.resume();
  }

  resume(): void {
    if (this.continueOwed) {
      this.continueOwed = false;
      this.reply.inform(100, []);
      if (!this.reply.started) this.reply.keepAlive = this.keepAlive;
    }
    if (this.reading === 'streamed') this.socket.resume();
  }

  abandon(): void {
    if (!this.complete) this.discard();
  }

  private give(content: Buffer): void {
    if (this.reading === 'held') this.early.push(content);
    else if (this.reading === 'streamed' && !this.stream!.give(content)) this.socket.pause();
  }

  private end(trailers: readonly string[]): void {
    this.complete = true;
    this.stream?.complete(trailers);
  }
}
