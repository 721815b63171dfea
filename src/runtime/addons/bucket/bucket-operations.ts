/** What can be done with the bucket as a whole. */
import { S3Error } from './errors.js';
import type { Exchange } from './exchange.js';
import { listingOf } from './listing.js';
import { elements, textOf } from './xml.js';

/** Keys of one page, and of one delete. */
const MOST_KEYS = 1000;

const OWNER = { ID: 'paas', DisplayName: 'paas' };

/** Version 1, and with `list-type=2` version 2. */
export function listObjects(exchange: Exchange): void {
  const { bucket, objects, query } = exchange;
  const isNew = query.get('list-type') === '2';
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const token = query.get('continuation-token');
  const start = isNew ? (query.get('start-after') ?? '') : (query.get('marker') ?? '');
  const after = token === null ? start : Buffer.from(token, 'base64url').toString('utf8');
  const most = pageSize(query.get('max-keys'));
  const { keys, prefixes, next } = listingOf(objects.keys(), { prefix, delimiter, after, most });
  const encoded = query.get('encoding-type') === 'url';
  const shown = (text: string) =>
    encoded ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
  exchange.xml('ListBucketResult', {
    Name: bucket,
    Prefix: shown(prefix),
    ...(delimiter === '' ? {} : { Delimiter: shown(delimiter) }),
    ...(encoded ? { EncodingType: 'url' } : {}),
    MaxKeys: most,
    IsTruncated: next !== undefined,
    ...(isNew
      ? {
          KeyCount: keys.length + prefixes.length,
          ...(next === undefined
            ? {}
            : { NextContinuationToken: Buffer.from(next).toString('base64url') }),
        }
      : { Marker: shown(after), ...(next === undefined ? {} : { NextMarker: shown(next) }) }),
    Contents: keys.map((key) => {
      const { etag, size, modifiedAt } = objects.find(key);
      return {
        Key: shown(key),
        LastModified: new Date(modifiedAt).toISOString(),
        ETag: `"${etag}"`,
        Size: size,
        StorageClass: 'STANDARD',
        ...(isNew ? {} : { Owner: OWNER }),
      };
    }),
    CommonPrefixes: prefixes.map((each) => ({ Prefix: shown(each) })),
  });
}

function pageSize(asked: string | null): number {
  if (asked === null) return MOST_KEYS;
  const size = Number(asked);
  if (!Number.isInteger(size) || size < 0) {
    throw new S3Error('InvalidArgument', 'max-keys must be a whole number.');
  }
  return Math.min(size, MOST_KEYS);
}

export async function deleteObjects(exchange: Exchange): Promise<void> {
  const text = await exchange.text();
  const wanted = elements(text, 'Object').map((each) => textOf(each, 'Key') ?? '');
  if (wanted.length === 0 || wanted.length > MOST_KEYS) {
    throw new S3Error('MalformedXML', `From 1 to ${MOST_KEYS} objects can be deleted at once.`);
  }
  for (const key of wanted) await exchange.objects.remove(key);
  const quiet = textOf(text, 'Quiet') === 'true';
  exchange.xml('DeleteResult', quiet ? {} : { Deleted: wanted.map((Key) => ({ Key })) });
}

export function listUploads(exchange: Exchange): void {
  exchange.xml('ListMultipartUploadsResult', {
    Bucket: exchange.bucket,
    IsTruncated: false,
    Upload: exchange.uploads.list().map(({ id, key, startedAt }) => ({
      Key: key,
      UploadId: id,
      Initiated: new Date(startedAt).toISOString(),
    })),
  });
}

/** All there are: the one. */
export function listBuckets(exchange: Exchange): void {
  const created = new Date(0).toISOString();
  exchange.xml('ListAllMyBucketsResult', {
    Owner: OWNER,
    Buckets: { Bucket: { Name: exchange.bucket, CreationDate: created } },
  });
}
