/** One request and its answer, from the head's last byte to the log line. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Outcome, PassedBy } from '../cache/cache.js';
import { type AccessEntry, accessLine } from './access-log.js';
import type { Errand } from './errand.js';
import type { Page } from './error-page.js';
import { FAULTS, type RouterFault } from './errors.js';
import { clientBehind } from './handover.js';
import { forwardedFor } from './headers.js';
import type { Reply } from './reply.js';
import type { RequestBody } from './request-body.js';
import type { RequestHead } from './request-head.js';
import type { RoutedApp } from './routes.js';

/** What is known of the connection that a request came on. */
export interface Client {
  readonly address: string;
  /** The port that it connected to. */
  readonly port: string;
  readonly proto: 'http' | 'https';
  /** `protocol=` of the log line. */
  readonly protocol: string;
  /** `tls1.3`; undefined without TLS. */
  readonly tls: string | undefined;
  /** The name that the TLS handshake was for, if it told one. */
  readonly servername: string | undefined;
  /** Speaks plain HTTP on a port that is for TLS: to be sent there. */
  readonly misplaced: boolean;
}

/** Whoever works on an exchange right now: a waiting request, a relay, an upgrade. */
export interface Work {
  /** The client left, or the router closes: give the dyno's side up. */
  cancel(): void;
  /** The client reads again. */
  drained(): void;
  /** @param now ms of the monotonic clock */
  check(now: number): void;
}

/** Hears of the end of an exchange, once. */
export interface ExchangeOwner {
  exchangeEnded(exchange: Exchange): void;
  /** Hands the client's socket over for an upgrade, with the bytes that came after the head. */
  takeSocket?(): { socket: Socket; rest: Buffer };
}

export class Exchange implements Errand {
  readonly forwardedFor: string;
  readonly requestId: string;
  /** ms since the epoch, and on the monotonic clock. */
  readonly start = Date.now();
  readonly began = performance.now();
  readonly client: Client;
  app: RoutedApp | undefined;
  /** Counts the open requests of its app, this one among them. */
  seat: { open: number } | undefined;
  work: Work | undefined;
  dyno = '';
  /** ms it took to connect; undefined before it was tried. */
  connect: number | undefined;
  /** When the connection to the dyno was there, on the monotonic clock. */
  connectedAt: number | undefined;
  status = 0;
  /** Bytes of the answer as they came from the dyno, or of the router's own page. */
  bytes: number | undefined;
  fault: RouterFault | undefined;
  cause: string | undefined;
  /** What the cache did; undefined where there is none, or nothing was done yet. */
  cache: Outcome | undefined;
  /** What the cache says on an answer that passes it by. */
  passedBy: PassedBy | undefined;
  /** A neighbour's router answers, and logs. */
  handedOver = false;
  private state: 'open' | 'ended' = 'open';

  constructor(
    readonly head: RequestHead,
    client: Client,
    /** Nothing, a body that came whole, or one that still comes. */
    readonly body: RequestBody | Buffer | undefined,
    readonly reply: Reply,
    private readonly owner: ExchangeOwner,
  ) {
    this.client = clientBehind(head.handover, client);
    this.requestId = head.requestId === '' ? randomUUID() : head.requestId;
    this.forwardedFor = forwardedFor(head.forwardedFor, this.client.address);
  }

  get proto(): 'http' | 'https' {
    return this.client.proto;
  }

  get port(): string {
    return this.client.port;
  }

  get ended(): boolean {
    return this.state === 'ended';
  }

  /** Gives it into the hands of whoever brings it to a dyno. */
  begin(work: Work & { begin(): void }): void {
    this.work = work;
    work.begin();
  }

  /** The client's socket, for an upgrade. Undefined on protocols that cannot. */
  takeSocket(): { socket: Socket; rest: Buffer } | undefined {
    return this.owner.takeSocket?.();
  }

  /** Answers with a page of the router's own, and ends. */
  respond(page: Page, fault?: RouterFault): void {
    if (this.state === 'ended') return;
    this.fault = fault;
    this.status = page.status;
    this.bytes = page.body.length;
    const bodiless = this.head.method === 'HEAD';
    const told = this.passedBy ? ['Cache-Status', this.passedBy(undefined)] : [];
    this.reply.start(page.status, '', [...page.headers, ...told], page.body.length, bodiless);
    if (!bodiless) this.reply.write(page.body);
    this.reply.end([]);
    this.end();
  }

  /**
   * Ends without an answer, or in the middle of one: the client sees a broken connection.
   * @param fault for the log line
   */
  breakOff(fault: RouterFault): void {
    if (this.state === 'ended') return;
    this.fault = fault;
    this.status = fault.status;
    this.reply.cut();
    this.end();
  }

  /** The whole answer was passed on. */
  finish(): void {
    if (this.state !== 'ended') this.end();
  }

  /** The client closed its side before the answer was complete: H27. */
  clientGone(): void {
    this.breakOff(FAULTS.H27);
  }

  /** The log line of an exchange that ended. */
  line(now: number): string {
    const entry: AccessEntry = {
      fault: this.fault,
      method: this.head.method,
      path: this.head.target,
      host: this.head.host,
      requestId: this.requestId,
      forwardedFor: this.forwardedFor,
      dyno: this.dyno,
      connect: this.connect,
      service: this.connectedAt === undefined ? undefined : Math.round(now - this.connectedAt),
      status: this.status,
      bytes: this.bytes,
      protocol: this.client.protocol,
      tls: this.client.tls,
      cause: this.cause,
      cache: this.cache,
      agent: this.fault === FAULTS.H31 ? this.agent() : undefined,
    };
    return accessLine(entry);
  }

  private agent(): string {
    const at = this.head.fields.findIndex((name) => name.toLowerCase() === 'user-agent');
    return at === -1 ? '' : this.head.fields[at + 1]!;
  }

  private end(): void {
    this.state = 'ended';
    const { work } = this;
    this.work = undefined;
    work?.cancel();
    this.owner.exchangeEnded(this);
  }
}
