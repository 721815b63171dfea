/** Cuts one answer of a dyno, and the informational ones before it, out of the bytes that come. */
import { ChunkedDecoder } from './chunked.js';
import { FAULTS, type RouterFault, restricted } from './errors.js';
import type { RouterLimits } from './limits.js';
import { HeadFault } from './request-head.js';
import { isBodiless, ResponseHead, readResponseHead } from './response-head.js';

/** Hears of an answer in the order of its bytes. */
export interface AnswerEvents {
  /** A 1xx; more follows. */
  informed(head: ResponseHead): void;
  headCame(head: ResponseHead): void;
  pieceCame(piece: Buffer): void;
  /** The answer is whole. @param idleFor ms that the connection may wait for another request */
  whole(trailers: readonly string[], idleFor: number): void;
  /** It never will be. */
  broken(fault: RouterFault): void;
}

type State = 'head' | 'counted' | 'chunked' | 'close' | 'done';

/** Informational answers before the final one; a dyno that sends more means no good. */
const INFORMED = 100;
const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

export class ResponseReader {
  private state: State = 'head';
  private held: Buffer = NOTHING;
  private head: ResponseHead | undefined;
  private remaining = 0;
  private decoder: ChunkedDecoder | undefined;
  private informed = 0;

  /** @param method of the request: it decides whether a body follows */
  constructor(
    private readonly method: string,
    private readonly limits: RouterLimits,
    private readonly events: AnswerEvents,
  ) {}

  /** Takes bytes in. Pieces of the body are views of them. */
  feed(input: Buffer): void {
    switch (this.state) {
      case 'head':
        this.feedHead(input);
        break;
      case 'counted':
        this.feedCounted(input);
        break;
      case 'chunked':
        this.feedChunked(input);
        break;
      case 'close':
        this.events.pieceCame(input);
        break;
      case 'done':
    }
  }

  /** The dyno closed its side: the end of an answer that has no other, too early for the rest. */
  end(): void {
    if (this.state === 'close') this.finish([], 0);
    else this.fail(FAULTS.H18);
  }

  private feedHead(input: Buffer): void {
    const seen = Math.max(0, this.held.length - 3);
    const bytes = this.held.length === 0 ? input : Buffer.concat([this.held, input]);
    const end = bytes.indexOf(HEAD_END, seen);
    if (end === -1) {
      this.held = bytes;
      if (!mayBeHttp(bytes)) this.fail(FAULTS.H17);
      else if (bytes.length > 2 * this.limits.responseHeaderLine)
        this.fail(restricted('oversized header'));
      return;
    }
    this.held = NOTHING;
    const head = readResponseHead(bytes.toString('latin1', 0, end), this.limits);
    const rest = end + 4 === bytes.length ? NOTHING : bytes.subarray(end + 4);
    if (!(head instanceof ResponseHead)) this.fail(head);
    else if (head.status < 200) this.inform(head, rest);
    else this.begin(head, rest);
  }

  /** 100 is the router's own affair with the client, and an upgrade nobody asked for here. */
  private inform(head: ResponseHead, rest: Buffer): void {
    this.informed += 1;
    if (head.status === 101 || this.informed > INFORMED) {
      this.fail(FAULTS.H17);
      return;
    }
    if (head.status !== 100) this.events.informed(head);
    if (rest.length > 0) this.feed(rest);
  }

  private begin(head: ResponseHead, rest: Buffer): void {
    this.head = head;
    this.events.headCame(head);
    if (isBodiless(this.method, head.status)) {
      this.finish([], rest.length === 0 ? head.idleFor : 0);
      return;
    }
    this.state = head.framing;
    if (head.framing === 'counted') this.remaining = head.contentLength;
    if (head.framing === 'chunked') this.decoder = new ChunkedDecoder(this.limits);
    if (rest.length > 0 || head.contentLength === 0) this.feed(rest);
  }

  private feedCounted(input: Buffer): void {
    const { remaining } = this;
    if (input.length < remaining) {
      this.remaining = remaining - input.length;
      this.events.pieceCame(input);
      return;
    }
    this.remaining = 0;
    if (remaining > 0)
      this.events.pieceCame(input.length === remaining ? input : input.subarray(0, remaining));
    this.finish([], input.length === remaining ? this.head!.idleFor : 0);
  }

  private feedChunked(input: Buffer): void {
    const decoder = this.decoder!;
    const taken = decoder.feed(input, (piece) => this.events.pieceCame(piece));
    if (taken instanceof HeadFault) this.fail(FAULTS.H18);
    else if (decoder.done)
      this.finish(decoder.trailers, taken === input.length ? this.head!.idleFor : 0);
  }

  private finish(trailers: readonly string[], idleFor: number): void {
    if (this.state === 'done') return;
    this.state = 'done';
    this.events.whole(trailers, idleFor);
  }

  private fail(fault: RouterFault): void {
    if (this.state === 'done') return;
    this.state = 'done';
    this.events.broken(fault);
  }
}

/** So that another protocol is seen at once, and not when it falls silent. */
function mayBeHttp(bytes: Buffer): boolean {
  return 'HTTP/1.'.startsWith(bytes.toString('latin1', 0, 7));
}
