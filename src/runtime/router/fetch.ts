/**
 * A request to a dyno for the cache. It belongs to the cache, not to one client: others may have
 * joined it, so it goes on when the client that asked first leaves.
 */
import type { OriginResponse, RawHeaders } from '../cache/cache.js';
import type { Errand } from './errand.js';
import { faultPage } from './error-page.js';
import { FAULTS, type RouterFault } from './errors.js';
import type { Exchange, Work } from './exchange.js';
import type { Receiver } from './relay.js';
import { RequestHead } from './request-head.js';
import type { ResponseHead } from './response-head.js';
import type { Watch, Watched } from './watch.js';

/** Bytes of an answer that are held while the cache does not ask for them. */
const HELD = 262_144;

export class Fetch implements Errand, Receiver, Watched {
  readonly head: RequestHead;
  readonly body: Errand['body'];
  readonly forwardedFor: string;
  readonly requestId: string;
  readonly proto: 'http' | 'https';
  readonly port: string;
  readonly start = Date.now();
  readonly began = performance.now();
  dyno = '';
  connect: number | undefined;
  connectedAt: number | undefined;
  /** Bytes of the answer's head on the dyno's connection. */
  headBytes = 0;
  /** Why no dyno answered. */
  fault: RouterFault | undefined;
  private work: Work | undefined;
  private readonly pieces: Buffer[] = [];
  private held = 0;
  private state: 'open' | 'whole' | 'broken' = 'open';
  private trailers: readonly string[] = [];
  private wake: (() => void) | undefined;
  private settle: ((response: OriginResponse) => void) | undefined;
  /** The answer's head, or the router's own page when no dyno gave one. */
  readonly response: Promise<OriginResponse>;

  constructor(
    private readonly exchange: Exchange,
    headers: RawHeaders,
    withBody: boolean,
    private readonly watch: Watch,
  ) {
    this.head = Object.assign(new RequestHead(), exchange.head, { fields: [...headers] });
    this.body = withBody ? exchange.body : undefined;
    if (!withBody) this.head.bodyLength = 0;
    ({
      forwardedFor: this.forwardedFor,
      requestId: this.requestId,
      proto: this.proto,
      port: this.port,
    } = exchange);
    this.response = new Promise((resolve) => {
      this.settle = resolve;
    });
    watch.add(this);
  }

  /** Starts, once it is known who does the work. */
  begin(work: Work & { begin(): void }): void {
    this.work = work;
    work.begin();
  }

  /** Nobody wants the answer, or the rest of it. */
  cancel(): void {
    if (this.state !== 'open') return;
    this.work?.cancel();
    this.failed(FAULTS.H27);
  }

  check(now: number): void {
    this.work?.check(now);
  }

  informed(status: number, fields: readonly string[]): void {
    if (!this.exchange.ended) this.exchange.reply.inform(status, fields);
  }

  headCame(head: ResponseHead): void {
    this.headBytes = head.bytes;
    const length = head.contentLength < 0 ? [] : ['Content-Length', String(head.contentLength)];
    this.settle?.({
      status: head.status,
      headers: [...head.fields, ...length],
      body: this.read(),
      from: 'dyno',
      trailers: () => this.trailers,
    });
  }

  pieceCame(piece: Buffer): boolean {
    this.pieces.push(piece);
    this.held += piece.length;
    this.wake?.();
    return this.held < HELD;
  }

  ended(trailers: readonly string[]): void {
    this.trailers = trailers;
    this.over('whole');
  }

  failed(fault: RouterFault): void {
    this.fault = fault;
    this.over('broken');
    const { app, head } = this.exchange;
    const page = faultPage(fault, head.accept, app?.errorPageUrl);
    const length = ['Content-Length', String(page.body.length)];
    this.settle?.({
      status: page.status,
      headers: [...page.headers, ...length],
      body: once(page.body),
      from: 'router',
    });
  }

  private over(state: 'whole' | 'broken'): void {
    if (this.state === 'open') this.state = state;
    this.watch.remove(this);
    this.wake?.();
  }

  /** The pieces as they come; whoever stops asking, ends the request. */
  private async *read(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const piece = this.pieces.shift();
        if (piece) {
          this.held -= piece.length;
          yield piece;
        } else if (this.state === 'whole') {
          return;
        } else if (this.state === 'broken') {
          throw new Error('the dyno broke its answer off');
        } else {
          this.work?.drained();
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      }
    } finally {
      this.cancel();
    }
  }
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}
