/** What can be done with one object. */
import type { Readable } from 'node:stream';
import { S3Error } from './errors.js';
import type { Exchange } from './exchange.js';
import type { Condition, ObjectInfo } from './objects.js';
import { elements, textOf } from './xml.js';

export async function putObject(exchange: Exchange): Promise<void> {
  const { objects, key } = exchange;
  const condition = conditionOf(exchange);
  condition(objects.has(key) ? objects.find(key) : undefined);
  const source = exchange.header('x-amz-copy-source');
  if (source !== '') return copyObject(exchange, source);
  const body = await exchange.receive();
  const { etag } = await objects.put(key, body, body.md5, exchange.kept, condition);
  exchange.empty(200, { etag: `"${etag}"` });
}

async function copyObject(exchange: Exchange, source: string): Promise<void> {
  const { objects, key } = exchange;
  const found = sourceOf(exchange, source);
  const replace = exchange.header('x-amz-metadata-directive') === 'REPLACE';
  const body = await objects.write(objects.read(found));
  const info = await objects.put(key, body, found.etag, replace ? exchange.kept : found.headers);
  exchange.xml('CopyObjectResult', { LastModified: iso(info), ETag: `"${info.etag}"` });
}

export function getObject(exchange: Exchange, method: string): void {
  const { objects, key, query } = exchange;
  const info = objects.find(key);
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...info.headers,
    etag: `"${info.etag}"`,
    'last-modified': new Date(info.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of query) {
    const wanted =
      /^response-(content-(?:type|disposition|encoding|language)|cache-control|expires)$/;
    const header = wanted.exec(name)?.[1];
    if (header === undefined) continue;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new S3Error('InvalidArgument', `${name} has a sign that no header can have.`);
    }
    headers[header] = value;
  }
  const unchanged = conditionsOf(exchange, info);
  if (unchanged) {
    exchange.send(304, { etag: `"${info.etag}"` });
    return;
  }
  const range = rangeOf(exchange.header('range'), info.size);
  const { start, end } = range ?? { start: 0, end: info.size - 1 };
  headers['content-length'] = String(end - start + 1);
  if (range) headers['content-range'] = `bytes ${start}-${end}/${info.size}`;
  let body: Readable | undefined;
  if (method === 'GET' && info.size > 0) body = objects.read(info, { start, end });
  exchange.send(range ? 206 : 200, headers, body);
}

export async function deleteObject(exchange: Exchange): Promise<void> {
  await exchange.objects.remove(exchange.key);
  exchange.empty(204);
}

export function beginUpload(exchange: Exchange): void {
  const { id } = exchange.uploads.begin(exchange.key, exchange.kept);
  const { bucket, key } = exchange;
  exchange.xml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id });
}

export async function putPart(exchange: Exchange): Promise<void> {
  const { uploads, objects, query, key } = exchange;
  const upload = uploads.find(query.get('uploadId') ?? '', key);
  const source = exchange.header('x-amz-copy-source');
  const number = Number(query.get('partNumber'));
  if (source === '') {
    const part = await exchange.receive();
    await uploads.addPart(upload, number, part);
    return exchange.empty(200, { etag: `"${part.md5}"` });
  }
  const found = sourceOf(exchange, source);
  const range = rangeOf(exchange.header('x-amz-copy-source-range'), found.size);
  const part = await objects.write(objects.read(found, range));
  await uploads.addPart(upload, number, part);
  const now = new Date().toISOString();
  return exchange.xml('CopyPartResult', { LastModified: now, ETag: `"${part.md5}"` });
}

export function listParts(exchange: Exchange): void {
  const { uploads, query, key, bucket } = exchange;
  const upload = uploads.find(query.get('uploadId') ?? '', key);
  const parts = [...upload.parts].sort(([one], [other]) => one - other);
  exchange.xml('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.id,
    IsTruncated: false,
    Part: parts.map(([number, { size, md5 }]) => ({
      PartNumber: number,
      ETag: `"${md5}"`,
      Size: size,
    })),
  });
}

export async function completeUpload(exchange: Exchange): Promise<void> {
  const { uploads, query, key, bucket } = exchange;
  const upload = uploads.find(query.get('uploadId') ?? '', key);
  const parts = elements(await exchange.text(), 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').replaceAll('"', ''),
  }));
  const { etag } = await uploads.complete(upload, parts, conditionOf(exchange));
  exchange.xml('CompleteMultipartUploadResult', { Bucket: bucket, Key: key, ETag: `"${etag}"` });
}

export async function abortUpload(exchange: Exchange): Promise<void> {
  const { uploads, query, key } = exchange;
  await uploads.abort(uploads.find(query.get('uploadId') ?? '', key));
  exchange.empty(204);
}

/** `/bucket/a%20key`. @throws S3Error NoSuchKey, NoSuchBucket */
function sourceOf({ bucket, objects }: Exchange, source: string): ObjectInfo {
  const [path = ''] = decoded(source).replace(/^\//, '').split('?versionId=');
  const [from, ...key] = path.split('/');
  if (from !== bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist.');
  return objects.find(key.join('/'));
}

function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    throw new S3Error('InvalidArgument', "x-amz-copy-source can't be read.");
  }
}

/** True: the client has it (RFC 9110, section 13). @throws S3Error PreconditionFailed */
function conditionsOf(exchange: Exchange, { etag, modifiedAt }: ObjectInfo): boolean {
  const names = (header: string) =>
    header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  const [match, noneMatch] = [exchange.header('if-match'), exchange.header('if-none-match')];
  if (match !== '' && match !== '*' && !names(match).includes(`"${etag}"`)) {
    throw new S3Error('PreconditionFailed', 'The object is another one.');
  }
  if (noneMatch !== '') return noneMatch === '*' || names(noneMatch).includes(`"${etag}"`);
  const since = Date.parse(exchange.header('if-modified-since'));
  return Math.floor(modifiedAt / 1000) * 1000 <= since;
}

/** What a write asks for: apps use it as a lock, so it is asked again at the moment of the change. */
function conditionOf(exchange: Exchange): Condition {
  const [match, noneMatch] = [exchange.header('if-match'), exchange.header('if-none-match')];
  return (there) => {
    if (noneMatch === '*' && there) {
      throw new S3Error('PreconditionFailed', 'There is an object of that key.');
    }
    if (match === '' || (match === '*' && there)) return;
    if (!there) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    if (match.replaceAll('"', '') !== there.etag) {
      throw new S3Error('PreconditionFailed', 'The object is another one.');
    }
  };
}

/** One range of bytes; others are answered with the whole. @throws S3Error InvalidRange */
function rangeOf(header: string, size: number): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return { start, end };
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable.');
}

function iso({ modifiedAt }: ObjectInfo): string {
  return new Date(modifiedAt).toISOString();
}
