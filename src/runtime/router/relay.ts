/**
 * Carries one request to a dyno and its answer back: undici's raw handler, where header fields stay
 * bytes and back-pressure is a return value.
 */
import type { Dispatcher } from 'undici';
import type { Errand } from './errand.js';
import { FAULTS, type RouterFault, restricted } from './errors.js';

import { isBodiless, ResponseHead, readResponseHead } from './headers.js';
import type { RouterLimits } from './limits.js';
import { RequestBody } from './request-body.js';

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

/** Where the request stands; each has its own deadline. */
type Phase = 'sending' | 'awaiting' | 'answering' | 'ended';

export class Relay implements Dispatcher.DispatchHandler {
  private phase: Phase = 'sending';
  /** When the phase began, or a byte last passed. */
  private since: number;
  private abort: ((error?: Error) => void) | undefined;
  private more: (() => void) | undefined;
  private blocked = false;
  private head: ResponseHead | undefined;
  /** Whether any byte of an answer came. */
  private answered = false;

  /** @param done is called once, with true when the connection may be used again */
  constructor(
    private readonly errand: Errand,
    private readonly receiver: Receiver,
    private readonly limits: RouterLimits,
    private readonly clock: { readonly now: number },
    private readonly done: (reusable: boolean) => void,
  ) {
    this.since = clock.now;
  }

  /** Gives the dyno's side up. */
  cancel(): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.abort?.();
  }

  drained(): void {
    this.since = this.clock.now;
    if (!this.blocked) return;
    this.blocked = false;
    this.more?.();
  }

  check(now: number): void {
    const silent = now - this.since;
    if (this.phase === 'awaiting' && silent >= this.limits.firstByte) this.fail(FAULTS.H12);
    else if (silent < this.limits.idle) return;
    else if (this.phase === 'sending') this.fail(this.uploadFault());
    else if (this.phase === 'answering') this.fail(this.blocked ? FAULTS.H28 : FAULTS.H15);
  }

  onConnect(abort: (error?: Error) => void): void {
    this.abort = abort;
    if (this.phase === 'ended') abort();
  }

  onBodySent(): void {
    this.since = this.clock.now;
  }

  onRequestSent(): void {
    if (this.phase !== 'sending') return;
    this.phase = this.answered ? 'answering' : 'awaiting';
    this.since = this.clock.now;
  }

  onResponseStarted(): void {
    this.answered = true;
    this.since = this.clock.now;
    if (this.phase === 'awaiting') this.phase = 'answering';
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, reason: string): boolean {
    this.more = resume;
    if (this.phase === 'ended') return true;
    const head = readResponseHead(status, reason, raw, this.limits);
    if (!(head instanceof ResponseHead)) {
      this.fail(head);
    } else if (status < 200) {
      this.receiver.informed(status, head.fields);
    } else {
      this.head = head;
      this.receiver.headCame(head);
      // undici takes the Content-Length of a 304 for a broken promise; nothing can follow, so it is whole.
      if (isBodiless(this.errand.head.method, status)) this.complete([]);
    }
    return true;
  }

  onData(piece: Buffer): boolean {
    if (this.phase === 'ended') return true;
    this.since = this.clock.now;
    this.blocked = !this.receiver.pieceCame(piece);
    return !this.blocked;
  }

  onComplete(trailers: unknown): void {
    this.complete(textsOf(trailers));
    this.done(true);
  }

  onError(error: Error): void {
    this.fail(this.faultOf(error));
    this.done(false);
  }

  private complete(trailers: readonly string[]): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.receiver.ended(trailers);
  }

  private fail(fault: RouterFault): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.receiver.failed(fault);
    this.abort?.();
  }

  /** During an upload it is the client that is silent, unless the dyno takes nothing. */
  private uploadFault(): RouterFault {
    const { body } = this.errand;
    return body instanceof RequestBody && body.wanted ? FAULTS.H28 : FAULTS.H12;
  }

  private faultOf(error: Error & { code?: string }): RouterFault {
    switch (error.code) {
      case 'UND_ERR_HEADERS_OVERFLOW':
        return restricted('oversized header');
      case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
        return this.head ? FAULTS.H18 : restricted('invalid content length');
      default:
    }
    if (error.name === 'HTTPParserError') return this.parserFault(error.message);
    if (error.message === 'bad response' || error.message === 'bad upgrade') return FAULTS.H17;
    return this.answered || this.phase === 'sending' ? FAULTS.H18 : FAULTS.H13;
  }

  /** @param reason llhttp's words, in undici's sentence */
  private parserFault(reason: string): RouterFault {
    if (reason.includes('EOF') || this.head) return FAULTS.H18;
    return reason.includes('Content-Length') ? restricted('invalid content length') : FAULTS.H17;
  }
}

/** undici's raw trailers: bytes, flat. */
function textsOf(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.map((text) => Buffer.from(text).toString('latin1')) : [];
}
