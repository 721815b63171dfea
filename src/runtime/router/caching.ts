/** Brings the cache between an exchange and the dynos: the cache knows no sockets, the router no rules. */
import type { CacheRequest, Hit, HttpCache, Outcome, RawHeaders, Reply } from '../cache/cache.js';
import { sessionCookie } from './affinity.js';
import { refuse } from './direct-answer.js';
import { FAULTS } from './errors.js';
import type { Exchange, Work } from './exchange.js';
import { Fetch } from './fetch.js';
import { isBodiless } from './response-head.js';
import type { Watch } from './watch.js';

/** Apps have the cache while this feature is on. */
export const CACHE = 'http-cache';

/** Bytes that are given to a connection at once: what it is slow to send, it counts as idle with. */
const AT_ONCE = 262_144;

export class Caching {
  constructor(
    private readonly cache: HttpCache,
    private readonly watch: Watch,
    /** ms that a client may read nothing. */
    private readonly idle: number,
  ) {}

  /**
   * Answers from the cache, or with its help.
   * @param send sends a fetch to a dyno of the exchange's app
   * @returns false when the cache has nothing to say here: the exchange goes straight on
   */
  serve(exchange: Exchange, send: (fetch: Fetch) => void): boolean {
    const { method, bodyLength } = exchange.head;
    exchange.cache = 'pass';
    const reads = method === 'GET' || method === 'HEAD';
    const request = requestOf(exchange);
    if (reads && bodyLength !== 0) exchange.passedBy = this.cache.bypass(request, 'bypass');
    else if (method === 'OPTIONS') exchange.passedBy = this.cache.bypass(request, 'method');
    else {
      const hit = this.cache.lookup(request);
      if (hit) {
        if (hit.length > AT_ONCE) this.pour(exchange, hit);
        else answer(exchange, hit);
        return true;
      }
      exchange.passedBy = this.cache.passes(request);
    }
    if (exchange.passedBy !== undefined) return false;
    this.handle(exchange, request, send);
    return true;
  }

  /** A large answer that lay ready, no faster than its client reads. */
  private pour(exchange: Exchange, hit: Hit): void {
    const work = new CachedWork(exchange, this.watch, this.idle);
    exchange.work = work;
    begin(exchange, hit.status, hit.headers, hit.verdict.outcome);
    work.pour(hit.body).catch(() => exchange.breakOff(FAULTS.H99));
  }

  private handle(exchange: Exchange, request: CacheRequest, send: (fetch: Fetch) => void): void {
    const work = new CachedWork(exchange, this.watch, this.idle);
    exchange.work = work;
    const forward = (headers: RawHeaders, purpose: 'reply' | 'refresh') => {
      const fetch = new Fetch(exchange, headers, purpose === 'reply', this.watch);
      if (purpose === 'reply') work.fetch = fetch;
      send(fetch);
      return fetch.response;
    };
    this.cache.handle(request, forward, work).catch(() => refuse(exchange, FAULTS.H99));
  }
}

/** An exchange in the cache's hands: its way to the client. */
class CachedWork implements Work, Reply {
  /** The request that its client waits for. */
  fetch: Fetch | undefined;
  private wake: (() => void) | undefined;
  /** Since when it waits for its client to read. */
  private since = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly watch: Watch,
    private readonly idle: number,
  ) {}

  get gone(): boolean {
    return this.exchange.ended;
  }

  head(status: number, headers: RawHeaders, outcome: Outcome): void {
    const { exchange, fetch } = this;
    if (exchange.ended) return;
    let cookie: string | undefined;
    if (fetch) {
      exchange.dyno = fetch.dyno;
      exchange.connect = fetch.connect;
      exchange.connectedAt = fetch.connectedAt;
      if (fetch.fault?.status === status) exchange.fault = fetch.fault;
      // After the cache, which would not keep an answer that has one.
      cookie = sessionCookie(exchange.app!.features, exchange.head.cookie, fetch.dyno);
    }
    const lines = cookie === undefined ? headers : [...headers, 'Set-Cookie', cookie];
    begin(exchange, status, lines, outcome);
    exchange.bytes! += fetch?.headBytes ?? 0;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.exchange.ended) return undefined;
    this.exchange.bytes! += chunk.length;
    if (this.exchange.reply.write(asBuffer(chunk))) return undefined;
    this.since = this.watch.now;
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  async pour(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      const full = this.write(piece);
      if (full !== undefined) await full;
    }
    this.end();
  }

  end(trailers: RawHeaders = []): void {
    if (this.exchange.ended) return;
    this.exchange.reply.end(trailers);
    this.exchange.finish();
  }

  abort(): void {
    this.exchange.breakOff(this.fetch?.fault ?? FAULTS.H18);
  }

  /** The client left. Only a body that it was sending cannot go on without it. */
  cancel(): void {
    this.drained();
    if (this.exchange.body !== undefined) this.fetch?.cancel();
  }

  drained(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }

  /** Only the client: the fetch is looked at by itself, and lives longer. */
  check(now: number): void {
    if (this.wake && now - this.since >= this.idle) this.exchange.breakOff(FAULTS.H28);
  }
}

function requestOf({ app, head, client }: Exchange): CacheRequest {
  return {
    app: app!.id,
    method: head.method,
    scheme: client.proto,
    host: head.host,
    path: head.path,
    headers: head.fields,
  };
}

/** A fresh answer that lay ready. */
function answer(exchange: Exchange, hit: Hit): void {
  begin(exchange, hit.status, hit.headers, hit.verdict.outcome);
  for (const piece of hit.body) exchange.reply.write(asBuffer(piece));
  exchange.bytes! += hit.length;
  exchange.reply.end([]);
  exchange.finish();
}

function begin(exchange: Exchange, status: number, headers: RawHeaders, outcome: Outcome): void {
  exchange.cache = outcome;
  exchange.status = status;
  exchange.bytes = 0;
  const fields: string[] = [];
  let length = -1;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    if (name.length === 14 && name.toLowerCase() === 'content-length')
      length = +headers[index + 1]!;
    else fields.push(name, headers[index + 1]!);
  }
  exchange.reply.start(status, '', fields, length, isBodiless(exchange.head.method, status));
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
