/** One request to a bucket, as its operations see it, and how they answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Dechunker } from './chunked.js';
import { S3Error } from './errors.js';
import type { Body, ObjectInfo, Objects } from './objects.js';
import type { Uploads } from './uploads.js';
import { document, type Xml } from './xml.js';

/** Bytes of an XML document that is sent to us. */
const LARGEST_DOCUMENT = 2 * 1024 * 1024;

/** What is kept with an object and given back with it. */
const KEPT = /^(content-(type|encoding|disposition|language)|cache-control|expires|x-amz-meta-.+)$/;

export class Exchange {
  constructor(
    readonly bucket: string,
    readonly objects: Objects,
    readonly uploads: Uploads,
    /** Empty where the request is about the bucket. */
    readonly key: string,
    readonly query: URLSearchParams,
    /** What the client says of its body. */
    private readonly payload: string,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  header(name: string): string {
    const value = this.request.headers[name] ?? '';
    return Array.isArray(value) ? value.join(',') : value;
  }

  /** What is kept of the head. */
  get kept(): ObjectInfo['headers'] {
    const all = Object.entries(this.request.headers);
    return Object.fromEntries(
      all
        .filter(([name, value]) => KEPT.test(name) && typeof value === 'string')
        .map(([name, value]) => [
          name,
          // The form of the way here is not one of the object.
          name === 'content-encoding' ? withoutChunked(String(value)) : String(value),
        ])
        .filter(([, value]) => value !== ''),
    );
  }

  /** Writes the body to disk. @throws S3Error BadDigest when it is not what its head says */
  async receive(): Promise<Body> {
    const chunked = this.payload.startsWith('STREAMING-');
    const bytes = chunked ? this.request.pipe(new Dechunker()) : this.request;
    // An error here must reach whoever reads there.
    if (chunked) this.request.once('error', (error) => bytes.destroy(error));
    const body = await this.objects.write(bytes);
    const md5 = this.header('content-md5');
    const wrong =
      (md5 !== '' && Buffer.from(md5, 'base64').toString('hex') !== body.md5) ||
      (/^[0-9a-f]{64}$/.test(this.payload) && this.payload !== body.sha256);
    if (!wrong) return body;
    await this.objects.discard(body.file);
    throw new S3Error('BadDigest', 'The body has another checksum than its head says.');
  }

  /** The body as text. */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.request) {
      size += (chunk as Buffer).length;
      if (size > LARGEST_DOCUMENT)
        throw new S3Error('EntityTooLarge', 'The document is too large.');
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  empty(status = 200, headers: Readonly<Record<string, string>> = {}): void {
    this.response.writeHead(status, { 'content-length': '0', ...headers }).end();
  }

  xml(name: string, content: Xml): void {
    const body = Buffer.from(document(name, content));
    this.response.writeHead(200, {
      'content-type': 'application/xml',
      'content-length': body.length,
    });
    this.response.end(body);
  }

  /** @param body undefined: the head alone */
  send(status: number, headers: Readonly<Record<string, string>>, body?: Readable): void {
    this.response.writeHead(status, headers);
    if (!body) {
      this.response.end();
      return;
    }
    body.once('error', () => this.response.destroy());
    this.response.once('close', () => body.destroy());
    body.pipe(this.response);
  }
}

function withoutChunked(encoding: string): string {
  return encoding
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== 'aws-chunked' && each !== '')
    .join(',');
}
