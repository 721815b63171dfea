/** A request's body on its way to a dyno, pulled from the client only as fast as the dyno takes it. */
import { Readable } from 'node:stream';

/** Where the bytes come from. */
export interface BodySource {
  /** More is wanted. */
  resume(): void;
  /** Nobody will read the rest. */
  abandon(): void;
}

export class RequestBody extends Readable {
  /** Trailer fields of a chunked body, flat; known at its end. */
  trailers: readonly string[] = [];
  /** False while the dyno does not take what has come: then its silence counts, not the client's. */
  wanted = false;

  constructor(private readonly source: BodySource) {
    super({ highWaterMark: 65_536 });
  }

  /** @returns false when the source shall pause until `resume` */
  give(piece: Buffer): boolean {
    this.wanted = this.push(piece);
    return this.wanted;
  }

  /** The body is complete. */
  complete(trailers: readonly string[]): void {
    this.trailers = trailers;
    this.push(null);
  }

  override _read(): void {
    this.wanted = true;
    this.source.resume();
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.source.abandon();
    done(null); // what went wrong is told by the relay, once
  }
}
