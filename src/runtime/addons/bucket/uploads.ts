/** Uploads in parts that are not complete yet. They are kept in memory: none outlives the server. */
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { S3Error } from './errors.js';
import type { Body, Condition, ObjectInfo, Objects } from './objects.js';

const MOST_PARTS = 10_000;

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly headers: ObjectInfo['headers'];
  readonly startedAt: number;
  readonly parts: Map<number, Body>;
}

export class Uploads {
  private readonly all = new Map<string, Upload>();

  constructor(private readonly objects: Objects) {}

  begin(key: string, headers: ObjectInfo['headers']): Upload {
    const id = randomUUID();
    const upload = { id, key, headers, startedAt: Date.now(), parts: new Map() };
    this.all.set(id, upload);
    return upload;
  }

  list(): readonly Upload[] {
    return [...this.all.values()];
  }

  /** @throws S3Error NoSuchUpload */
  find(id: string, key: string): Upload {
    const found = this.all.get(id);
    if (found?.key === key) return found;
    throw new S3Error('NoSuchUpload', 'The specified upload does not exist.');
  }

  /** Takes a part; one that had its number goes. @throws S3Error InvalidArgument */
  async addPart(upload: Upload, number: number, part: Body): Promise<void> {
    const fits = Number.isInteger(number) && number >= 1 && number <= MOST_PARTS;
    if (!fits || !this.all.has(upload.id)) {
      await this.objects.discard(part.file);
      throw new S3Error('InvalidArgument', `Part number must be from 1 to ${MOST_PARTS}.`);
    }
    const before = upload.parts.get(number);
    upload.parts.set(number, part);
    if (before) await this.objects.discard(before.file);
  }

  /** Makes one object of some parts. @throws S3Error InvalidPart */
  async complete(
    upload: Upload,
    wanted: readonly { readonly number: number; readonly etag: string }[],
    condition: Condition,
  ): Promise<ObjectInfo> {
    const parts = wanted.map(({ number, etag }) => {
      const part = upload.parts.get(number);
      if (part?.md5 === etag) return part;
      throw new S3Error('InvalidPart', `Part ${number} was not found, or has another ETag.`);
    });
    if (parts.length === 0) throw new S3Error('MalformedXML', 'No part is named.');
    const { objects } = this;
    const body = await objects.write(Readable.from(bytesOf(objects, parts)));
    const sums = Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex')));
    const etag = `${createHash('md5').update(sums).digest('hex')}-${parts.length}`;
    const info = await objects.put(upload.key, body, etag, upload.headers, condition);
    await this.abort(upload);
    return info;
  }

  async abort(upload: Upload): Promise<void> {
    this.all.delete(upload.id);
    for (const { file } of upload.parts.values()) await this.objects.discard(file);
  }
}

async function* bytesOf(objects: Objects, parts: readonly Body[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* objects.read(part);
}
