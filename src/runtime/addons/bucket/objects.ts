/**
 * The objects of a bucket on disk. A key may be any text, so no file is called after it: an object
 * is one file with its bytes and one with what is known of it, which is written last.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PlatformError } from '../../errors.js';
import { S3Error } from './errors.js';

/** What is known of an object. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** ms since the epoch. */
  readonly modifiedAt: number;
  /** `content-type`, `cache-control`, `x-amz-meta-…`: given back as they came. */
  readonly headers: Readonly<Record<string, string>>;
  /** Name of the file with the bytes. */
  readonly file: string;
}

/** Bytes that were written, and belong to no object yet. */
export interface Body {
  readonly file: string;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

/** What must be so at the moment of a change. @throws S3Error PreconditionFailed, NoSuchKey */
export type Condition = (there: ObjectInfo | undefined) => void;

const LONGEST_KEY = 1024;

export class Objects {
  private readonly known = new Map<string, ObjectInfo>();
  private sorted: readonly string[] | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(private readonly folder: string) {}

  /** @param folder of the add-on; what an earlier run did not finish is removed */
  static async open(folder: string): Promise<Objects> {
    const objects = new Objects(join(folder, 'objects'));
    await mkdir(objects.folder, { recursive: true, mode: 0o700 });
    const files = readdirSync(objects.folder);
    const used = new Set<string>();
    for (const file of files.filter((each) => each.endsWith('.json'))) {
      const info = await readInfo(join(objects.folder, file));
      objects.known.set(info.key, info);
      used.add(file).add(info.file);
    }
    for (const file of files) if (!used.has(file)) await rm(join(objects.folder, file));
    return objects;
  }

  get size(): number {
    let all = 0;
    for (const { size } of this.known.values()) all += size;
    return all;
  }

  /** In the order of their UTF-8 bytes, as S3 lists them. */
  keys(): readonly string[] {
    this.sorted ??= [...this.known.keys()].sort((one, other) =>
      Buffer.compare(Buffer.from(one), Buffer.from(other)),
    );
    return this.sorted;
  }

  /** @throws S3Error NoSuchKey */
  find(key: string): ObjectInfo {
    const found = this.known.get(key);
    if (found) return found;
    throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  }

  has(key: string): boolean {
    return this.known.has(key);
  }

  /** Writes bytes; they are an object when `put` has been told so. */
  async write(bytes: Readable): Promise<Body> {
    const file = `${randomUUID()}.data`;
    const [md5, sha256] = [createHash('md5'), createHash('sha256')];
    let size = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _, callback) {
        size += chunk.length;
        md5.update(chunk);
        sha256.update(chunk);
        callback(null, chunk);
      },
    });
    const path = join(this.folder, file);
    try {
      await pipeline(bytes, meter, createWriteStream(path, { mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { file, size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
  }

  /** Makes bytes an object; the one that had the key goes. */
  async put(
    key: string,
    { file, size }: Pick<Body, 'file' | 'size'>,
    etag: string,
    headers: ObjectInfo['headers'],
    condition: Condition = () => undefined,
  ): Promise<ObjectInfo> {
    if (Buffer.byteLength(key) > LONGEST_KEY) {
      await this.discard(file);
      throw new S3Error('KeyTooLongError', 'Your key is too long.');
    }
    const info = { key, size, etag, headers, file, modifiedAt: Date.now() };
    const path = this.infoPath(key);
    const unfinished = `${path}.${randomUUID()}`;
    await writeFile(unfinished, JSON.stringify(info), { mode: 0o600 });
    return this.inTurn(async () => {
      const before = this.known.get(key);
      try {
        condition(before);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        await this.discard(file);
        throw error;
      }
      this.known.set(key, info);
      if (before) await this.discard(before.file);
      else this.sorted = undefined;
      return info;
    });
  }

  /** @param range first and last byte, both included */
  read({ file }: Pick<ObjectInfo, 'file'>, range?: { start: number; end: number }): Readable {
    return createReadStream(join(this.folder, file), range ?? {});
  }

  remove(key: string): Promise<void> {
    return this.inTurn(async () => {
      const info = this.known.get(key);
      if (!info) return;
      await rm(this.infoPath(key), { force: true });
      this.known.delete(key);
      this.sorted = undefined;
      await this.discard(info.file);
    });
  }

  async discard(file: string): Promise<void> {
    await rm(join(this.folder, file), { force: true });
  }

  /** Or disk and memory would differ, where two change the same key: one of them would be lost later. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private infoPath(key: string): string {
    return join(this.folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}

/** @throws PlatformError unavailable: to go on without would delete the bytes as those of no object */
async function readInfo(path: string): Promise<ObjectInfo> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new PlatformError(
      'unavailable',
      `${path} is damaged (${(error as Error).message}). Nothing was changed. Put a copy back, or remove it to go on without that object.`,
    );
  }
}
