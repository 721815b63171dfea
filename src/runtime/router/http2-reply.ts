/** Writes answers on a stream of HTTP/2 (RFC 9113). */
import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Reply } from './reply.js';

export class Http2Reply implements Reply {
  started = false;

  constructor(private readonly stream: ServerHttp2Stream) {}

  get full(): boolean {
    return this.stream.writableNeedDrain;
  }

  inform(status: number, fields: readonly string[]): void {
    if (this.started || this.stream.closed) return;
    this.stream.additionalHeaders({ ':status': status, ...objectOf(fields) });
  }

  start(
    status: number,
    _reason: string,
    fields: readonly string[],
    length: number,
    bodiless: boolean,
  ): void {
    this.started = true;
    // A client may reset it before all that it sent was read: closed, and not destroyed yet.
    if (this.stream.closed) return;
    const headers: OutgoingHttpHeaders = { ':status': status, ...objectOf(fields) };
    if (length >= 0 && status !== 204) headers['content-length'] = length;
    this.stream.respond(headers, { endStream: bodiless, waitForTrailers: !bodiless });
  }

  write(piece: Buffer): boolean {
    if (!this.stream.writable) return true;
    return this.stream.write(piece);
  }

  end(trailers: readonly string[]): void {
    if (!this.stream.writable) return;
    this.stream.once('wantTrailers', () => {
      if (!this.stream.destroyed) this.stream.sendTrailers(objectOf(trailers));
    });
    this.stream.end();
  }

  close(): void {} // a stream is one request; the connection goes on

  cut(): void {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

/** Node refuses to send these twice, where a dyno did: the first counts. */
const SINGLE = new Set([
  'access-control-allow-credentials',
  'access-control-max-age',
  'access-control-request-method',
  'age',
  'authorization',
  'content-encoding',
  'content-language',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'tk',
  'upgrade-insecure-requests',
  'user-agent',
  'x-content-type-options',
]);

/** Names in lower case (RFC 9113 section 8.2.1), a list where one repeats. */
function objectOf(fields: readonly string[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]!.toLowerCase();
    const value = fields[index + 1]!;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (!SINGLE.has(name)) headers[name] = [before, value].flat();
  }
  return headers;
}
