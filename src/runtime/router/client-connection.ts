/**
 * One HTTP/1.x connection of a client: requests one after the other, read strictly, each answered
 * before the next is looked at. Bytes that come early are held up to a bound, then not read.
 */
import type { Socket } from 'node:net';
import { ClientInput } from './client-input.js';
import { refuse } from './direct-answer.js';
import { badRequestPage } from './error-page.js';
import { FAULTS, type RouterFault } from './errors.js';
import { type Client, Exchange, type ExchangeOwner } from './exchange.js';
import { Http1Reply } from './http1-reply.js';
import { IncomingBody } from './incoming-body.js';
import { HeadFault, RequestHead } from './request-head.js';
import { readRequestHead } from './request-reader.js';
import type { Service } from './service.js';
import type { Watched } from './watch.js';

/** Between requests; its bytes wait; reading a head; answering; reading on in vain; not ours. */
type Phase = 'idle' | 'waiting' | 'head' | 'busy' | 'draining' | 'over';

/** Bytes of later requests that are held while one is answered. */
const HELD = 65_536;

export class ClientConnection implements Watched, ExchangeOwner {
  private phase: Phase = 'idle';
  /** When the phase began, or a byte last came. */
  private since: number;
  private readonly input: ClientInput;
  private body: IncomingBody | undefined;
  private reply: Http1Reply | undefined;
  private exchange: Exchange | undefined;
  private closing = false;
  private refusal: RouterFault | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly client: Client,
    private readonly service: Service,
    private readonly closed: (connection: ClientConnection) => void,
  ) {
    this.since = service.watch.now;
    this.input = new ClientInput(service.limits, service.unread);
    service.watch.add(this);
    socket.setNoDelay(true);
    socket.on('data', this.onData).on('drain', this.onDrain).on('end', this.onGone);
    socket.on('error', this.onGone).on('close', this.onClose);
  }

  /** No request follows the one that is being answered; an idle connection closes now. */
  retire(): void {
    this.closing = true;
    if (this.phase === 'idle' || this.phase === 'head') this.socket.destroy();
    else if (this.reply && !this.reply.started) this.reply.keepAlive = false;
  }

  /** One connection too many: whatever it asks gets this fault, and nothing after it. */
  refuseAll(fault: RouterFault): void {
    this.closing = true;
    this.refusal = fault;
  }

  /** Cuts the connection. @see FAULTS.H24 */
  cut(): void {
    if (this.exchange) this.exchange.breakOff(FAULTS.H24);
    this.socket.destroy();
  }

  check(now: number): void {
    const { limits } = this.service;
    if (this.exchange) this.exchange.work?.check(now);
    else if (this.phase === 'idle' && now - this.since >= limits.clientIdle) this.socket.destroy();
    else if (this.phase !== 'idle' && now - this.since >= limits.headTimeout) this.socket.destroy();
  }

  exchangeEnded(exchange: Exchange): void {
    this.exchange = undefined;
    this.service.ended(exchange);
    if (this.phase === 'over') return;
    if (!this.reply!.keepAlive || this.closing) this.linger();
    else if (this.body && !this.body.complete) this.drain();
    else this.next();
  }

  takeSocket(): { socket: Socket; rest: Buffer } {
    const { socket } = this;
    this.phase = 'over';
    this.exchange = undefined; // whoever has the socket has its end, too
    this.service.watch.remove(this);
    socket.pause(); // with nobody to hear them, bytes would be lost
    socket.off('data', this.onData).off('drain', this.onDrain).off('end', this.onGone);
    socket.off('error', this.onGone);
    return { socket, rest: this.input.take() };
  }

  private readonly onData = (piece: Buffer): void => {
    if (this.phase === 'busy' || this.phase === 'draining') this.takeMore(piece);
    else if (this.phase !== 'over') {
      this.input.add(piece);
      if (this.phase === 'head') this.readHead();
      else if (this.phase === 'idle') {
        this.phase = 'waiting';
        this.service.doorway.enter(this.letIn);
      } else if (this.input.length > HELD) this.socket.pause();
    }
  };

  private readonly letIn = (): void => {
    if (this.phase !== 'waiting') return;
    this.phase = 'idle';
    this.since = this.service.watch.now;
    if (this.socket.isPaused()) this.socket.resume();
    this.readHead();
  };

  private readonly onDrain = (): void => {
    this.exchange?.work?.drained();
  };

  /** A client that closes its side waits for nothing any more; so it is with Heroku's routers. */
  private readonly onGone = (): void => {
    this.exchange?.clientGone();
    this.socket.destroy();
  };

  private readonly onClose = (): void => {
    this.exchange?.clientGone();
    this.phase = 'over';
    this.input.take();
    this.service.watch.remove(this);
    this.closed(this);
  };

  private readHead(): void {
    const text = this.input.nextHead();
    if (text === undefined) {
      if (this.phase !== 'idle' || this.input.length === 0) return;
      this.phase = 'head';
      this.since = this.service.watch.now;
    } else if (text instanceof HeadFault) {
      this.refuse(text);
    } else {
      const head = readRequestHead(text, this.service.limits);
      if (head.fault) this.refuse(head.fault, head);
      else this.begin(head);
    }
  }

  private begin(head: RequestHead): void {
    this.phase = 'busy';
    const { socket } = this;
    this.reply = new Http1Reply(socket, head);
    if (this.closing) this.reply.keepAlive = false;
    this.body = undefined;
    if (head.bodyLength !== 0) {
      this.body = new IncomingBody(head, this.service.limits, socket, this.reply);
      const fault = this.takeBody(this.input.take());
      if (fault) {
        this.refuse(fault, head);
        return;
      }
    }
    const body = this.body?.forDyno();
    this.exchange = new Exchange(head, this.client, body, this.reply, this);
    if (this.refusal) refuse(this.exchange, this.refusal);
    else this.service.serve(this.exchange);
  }

  private takeMore(piece: Buffer): void {
    if (this.body && !this.body.complete) {
      this.input.add(piece);
      const fault = this.takeBody(this.input.take());
      if (fault) this.spoil(fault);
    } else if (this.closing || this.phase === 'draining') {
      return; // what follows the last request is nobody's
    } else {
      this.input.add(piece);
    }
    if (this.input.length > HELD) this.socket.pause();
    if (this.phase === 'draining' && this.body?.complete && !this.socket.writableEnded) this.next();
  }

  /** Gives the body what is its own; what is left is the start of the next request. */
  private takeBody(input: Buffer): HeadFault | undefined {
    const taken = this.body!.feed(input);
    if (taken instanceof HeadFault) return taken;
    if (taken < input.length) this.input.add(input.subarray(taken));
    return undefined;
  }

  /** A body that turned out malformed: what was begun for it is given up. */
  private spoil(fault: HeadFault): void {
    const { exchange } = this;
    this.reply!.keepAlive = false;
    if (!exchange) {
      this.socket.destroy();
    } else if (exchange.reply.started) {
      exchange.cause = fault.cause;
      exchange.breakOff(FAULTS.H26);
    } else {
      exchange.cause = fault.cause;
      exchange.respond(badRequestPage(400, exchange.head.accept, fault.sentence), FAULTS.H26);
    }
  }

  private refuse(fault: HeadFault, head = new RequestHead()): void {
    this.phase = 'busy';
    this.input.take();
    this.reply = new Http1Reply(this.socket, { version: 1, keepAlive: false });
    this.exchange = new Exchange(head, this.client, undefined, this.reply, this);
    this.exchange.cause = fault.cause;
    const status = { ...FAULTS.H26, status: fault.status };
    this.exchange.respond(badRequestPage(fault.status, '', fault.sentence), status);
  }

  private next(): void {
    this.phase = 'idle';
    this.since = this.service.watch.now;
    this.body = undefined;
    if (this.socket.isPaused()) this.socket.resume();
    if (this.input.length > 0) queueMicrotask(() => this.phase === 'idle' && this.readHead());
  }

  /** The answer is out before the body is in: what still comes of it is read and forgotten. */
  private drain(): void {
    this.phase = 'draining';
    this.since = this.service.watch.now;
    this.body!.discard();
  }

  /**
   * Closes after an answer. Closing at once with unread bytes would reset the connection, and the
   * client could lose the answer (RFC 9112 section 9.6): our side ends, the rest is read for a while.
   */
  private linger(): void {
    this.phase = 'draining';
    this.since = this.service.watch.now;
    this.input.take();
    this.body?.discard();
    this.socket.end();
    this.socket.resume();
  }
}
