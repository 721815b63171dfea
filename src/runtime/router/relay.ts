/** Carries one request to a dyno and its answer back, and knows how long each side may be silent. */
import type { ConnectionUser, DynoConnection } from './dyno-connection.js';
import type { Errand } from './errand.js';
import { FAULTS, type RouterFault } from './errors.js';
import type { RouterLimits } from './limits.js';
import { RequestBody } from './request-body.js';
import { RequestWriter, type WriterEvents } from './request-writer.js';
import type { ResponseHead } from './response-head.js';
import { type AnswerEvents, ResponseReader } from './response-reader.js';

/** Who is told of a dyno's answer. */
export interface Receiver {
  informed(status: number, fields: readonly string[]): void;
  headCame(head: ResponseHead): void;
  /** @returns false when no more can be taken until `Relay.drained` */
  pieceCame(piece: Buffer): boolean;
  ended(trailers: readonly string[]): void;
  /** The answer is none, or breaks off. Nothing follows. */
  failed(fault: RouterFault): void;
}

/** What a relay needs of the router. */
export interface RelayContext {
  readonly limits: RouterLimits;
  readonly watch: { readonly now: number };
}

/** Where the request stands; each has its own deadline. */
type Phase = 'sending' | 'awaiting' | 'answering' | 'ended';

export class Relay implements ConnectionUser, AnswerEvents, WriterEvents {
  private phase: Phase = 'sending';
  /** When the phase began, or a byte last passed. */
  private since: number;
  private blocked = false;
  /** Whether any byte of an answer came. */
  private answered = false;
  private readonly reader: ResponseReader;
  private writer: RequestWriter | undefined;

  /**
   * @param done is called once, before the receiver hears of the end: for how many ms the connection
   *   may be used again, 0 when it may not
   */
  constructor(
    private readonly errand: Errand,
    private readonly receiver: Receiver,
    private readonly context: RelayContext,
    private readonly connection: DynoConnection,
    private readonly done: (idleFor: number) => void,
  ) {
    this.since = context.watch.now;
    this.reader = new ResponseReader(errand.head.method, context.limits, this);
  }

  /** Sends the request. @param fields as the dyno gets them, flat */
  begin(fields: readonly string[]): void {
    const { method, path, host, bodyLength } = this.errand.head;
    const { body } = this.errand;
    this.connection.user = this;
    this.writer = new RequestWriter(
      this.connection,
      { method, path, host, fields, body, bodyLength },
      this,
    );
    this.writer.begin();
  }

  /** Gives the dyno's side up. */
  cancel(): void {
    if (this.phase !== 'ended') this.end(0);
  }

  /** The client takes more. */
  clientDrained(): void {
    this.since = this.context.watch.now;
    if (!this.blocked) return;
    this.blocked = false;
    if (this.phase !== 'ended') this.connection.resume();
  }

  check(now: number): void {
    const silent = now - this.since;
    const { limits } = this.context;
    if (this.phase === 'awaiting' && silent >= limits.firstByte) this.broken(FAULTS.H12);
    else if (silent < limits.idle) return;
    else if (this.phase === 'sending') this.broken(this.uploadFault());
    else if (this.phase === 'answering') this.broken(this.blocked ? FAULTS.H28 : FAULTS.H15);
  }

  drained(): void {
    this.writer!.drained();
  }

  received(bytes: Buffer): void {
    this.since = this.context.watch.now;
    this.answered = true;
    if (this.phase === 'awaiting') this.phase = 'answering';
    try {
      this.reader.feed(bytes);
    } catch {
      this.broken(FAULTS.H99); // whoever was given the answer could not take it
    }
  }

  closed(how: 'ended' | 'broken'): void {
    if (this.answered && how === 'ended') this.reader.end();
    else this.broken(this.answered || this.phase === 'sending' ? FAULTS.H18 : FAULTS.H13);
  }

  moved(): void {
    this.since = this.context.watch.now;
  }

  sent(): void {
    if (this.phase !== 'sending') return;
    this.phase = this.answered ? 'answering' : 'awaiting';
    this.since = this.context.watch.now;
  }

  /** Only HTTP/2 can get here: the frames of its client did not add up to its Content-Length. */
  spoiled(): void {
    this.broken(FAULTS.H27);
  }

  informed(head: ResponseHead): void {
    if (this.phase !== 'ended') this.receiver.informed(head.status, head.fields);
  }

  headCame(head: ResponseHead): void {
    if (this.phase !== 'ended') this.receiver.headCame(head);
  }

  pieceCame(piece: Buffer): void {
    if (this.phase === 'ended' || this.receiver.pieceCame(piece)) return;
    this.blocked = true;
    this.connection.pause();
  }

  whole(trailers: readonly string[], idleFor: number): void {
    if (this.phase === 'ended') return;
    // An answer that did not wait for the whole request leaves the rest of it on the connection.
    this.end(this.phase === 'sending' ? 0 : idleFor);
    this.receiver.ended(trailers);
  }

  broken(fault: RouterFault): void {
    if (this.phase === 'ended') return;
    this.end(0);
    this.receiver.failed(fault);
  }

  private end(idleFor: number): void {
    this.phase = 'ended';
    if (this.blocked && idleFor > 0) this.connection.resume();
    this.writer?.stop();
    this.done(idleFor);
  }

  /** During an upload it is the client that is silent, unless the dyno takes nothing. */
  private uploadFault(): RouterFault {
    const { body } = this.errand;
    return body instanceof RequestBody && body.wanted ? FAULTS.H28 : FAULTS.H12;
  }
}
