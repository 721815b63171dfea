/** Brings the cache between an exchange and the dynos: the cache knows no sockets, the router no rules. */
import type { CacheRequest, Hit, HttpCache, RawHeaders, Reply } from '../cache/cache.js';
import { refuse } from './direct-answer.js';
import { FAULTS } from './errors.js';
import type { Exchange, Work } from './exchange.js';
import { Fetch } from './fetch.js';
import { isBodiless } from './response-head.js';
import type { Watch } from './watch.js';

/** Apps have the cache while this feature is on. */
export const CACHE = 'http-cache';

/** How long an answer that was not for the cache makes the next ones pass it by, ms. */
const PASS_FOR = 10_000;
const PASS_LIMIT = 10_000;

export class Caching {
  /** URIs whose answers are not for the cache, and until when that is believed. */
  private readonly passing = new Map<string, number>();

  constructor(
    private readonly cache: HttpCache,
    private readonly watch: Watch,
  ) {}

  /**
   * Answers from the cache, or with its help.
   * @param send sends a fetch to a dyno of the exchange's app
   * @returns false when the cache has nothing to say here: the exchange goes straight on
   */
  serve(exchange: Exchange, send: (fetch: Fetch) => void): boolean {
    const { method, bodyLength } = exchange.head;
    const reads = method === 'GET' || method === 'HEAD';
    if (reads ? bodyLength !== 0 : method === 'OPTIONS') return false;
    const request = requestOf(exchange);
    if (reads && this.passes(request)) return false;
    const hit = reads ? this.cache.lookup(request) : undefined;
    if (hit) answer(exchange, hit);
    else this.handle(exchange, request, send);
    return true;
  }
  private handle(exchange: Exchange, request: CacheRequest, send: (fetch: Fetch) => void): void {
    const work = new CachedWork(exchange);
    exchange.work = work;
    const forward = (headers: RawHeaders, purpose: 'reply' | 'refresh') => {
      const fetch = new Fetch(exchange, headers, purpose === 'reply', this.watch);
      if (purpose === 'reply') work.fetch = fetch;
      send(fetch);
      return fetch.response;
    };
    this.cache.handle(request, forward, work).then(
      ({ outcome }) => {
        if (outcome === 'pass' && request.method === 'GET') this.believe(request);
      },
      () => refuse(exchange, FAULTS.H99),
    );
  }

  private passes(request: CacheRequest): boolean {
    const key = keyOf(request);
    const until = this.passing.get(key);
    if (until === undefined) return false;
    if (until > this.watch.now) return true;
    this.passing.delete(key);
    return false;
  }

  private believe(request: CacheRequest): void {
    if (this.passing.size >= PASS_LIMIT) this.passing.clear();
    this.passing.set(keyOf(request), this.watch.now + PASS_FOR);
  }
}

/** An exchange in the cache's hands: its way to the client. */
class CachedWork implements Work, Reply {
  /** The request that its client waits for. */
  fetch: Fetch | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly exchange: Exchange) {}

  get gone(): boolean {
    return this.exchange.ended;
  }

  head(status: number, headers: RawHeaders): void {
    if (this.exchange.ended) return;
    const { fetch } = this;
    if (fetch) {
      this.exchange.dyno = fetch.dyno;
      this.exchange.connect = fetch.connect;
      this.exchange.connectedAt = fetch.connectedAt;
      if (fetch.fault?.status === status) this.exchange.fault = fetch.fault;
    }
    begin(this.exchange, status, headers);
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.exchange.ended) return undefined;
    this.exchange.bytes! += chunk.length;
    if (this.exchange.reply.write(asBuffer(chunk))) return undefined;
    return new Promise((resolve) => {
      this.wake = resolve;
    });
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

  check(): void {} // the fetch is looked at by itself, and lives longer
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

function keyOf({ app, scheme, host, path }: CacheRequest): string {
  return `${app} ${scheme}://${host}${path}`;
}

/** A fresh answer that lay ready. */
function answer(exchange: Exchange, hit: Hit): void {
  begin(exchange, hit.status, hit.headers);
  for (const piece of hit.body) exchange.reply.write(asBuffer(piece));
  exchange.bytes! += hit.length;
  exchange.reply.end([]);
  exchange.finish();
}

function begin(exchange: Exchange, status: number, headers: RawHeaders): void {
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
