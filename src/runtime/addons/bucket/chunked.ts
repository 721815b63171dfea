/**
 * Bodies in `aws-chunked` form, as the SDKs send what they don't know the checksum of beforehand:
 * chunks with their size, perhaps signed, and trailers
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
 */
import { Transform, type TransformCallback } from 'node:stream';
import { S3Error } from './errors.js';

const LONGEST_LINE = 8_192;

/** Takes the form away and lets the bytes pass. */
export class Dechunker extends Transform {
  private rest: Buffer = Buffer.alloc(0);
  /** Bytes that are missing of the chunk; -1: a line with a size is next. */
  private left = -1;
  /** The line break behind a chunk is next. */
  private breakNext = false;
  private ended = false;

  override _transform(bytes: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    try {
      while (this.step());
      callback();
    } catch (error) {
      callback(error as Error);
    }
  }

  override _flush(callback: TransformCallback): void {
    if (this.ended) callback();
    else callback(new S3Error('IncompleteBody', 'The body ended too early.'));
  }

  /** @returns false when more has to come first */
  private step(): boolean {
    if (this.ended) {
      this.rest = Buffer.alloc(0); // trailers: checksums that nobody asks us to compare
      return false;
    }
    if (this.left > 0) return this.pass();
    const end = this.rest.indexOf('\r\n');
    if (end < 0) {
      if (this.rest.length > LONGEST_LINE) throw malformed();
      return false;
    }
    const line = this.rest.toString('latin1', 0, end);
    this.rest = this.rest.subarray(end + 2);
    if (this.breakNext) {
      if (line !== '') throw malformed();
      this.breakNext = false;
      return true;
    }
    const [size = ''] = line.split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw malformed();
    this.left = Number.parseInt(size, 16);
    this.ended = this.left === 0;
    return true;
  }

  private pass(): boolean {
    if (this.rest.length === 0) return false;
    const part = this.rest.subarray(0, this.left);
    this.rest = this.rest.subarray(part.length);
    this.left -= part.length;
    this.breakNext = this.left === 0;
    this.push(part);
    return true;
  }
}

function malformed(): S3Error {
  return new S3Error('InvalidArgument', 'The body is not in the form that its head says.');
}
