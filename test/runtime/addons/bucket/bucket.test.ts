/** The bucket, with the SDK that apps use. */
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Objects } from '../../../../src/runtime/addons/bucket/objects.js';
import { bucketServer } from '../../../../src/runtime/addons/bucket/server.js';
import { makeFolder, removeFolder } from '../../../support/folders.js';

// It tells so for each client, on the oldest Node that we test on.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const Bucket = 'bucketeer-1';
const KEY = { id: 'AKIA1', secret: 'secret' };

/** A bucket and a client of it. */
async function bucket(folder = makeFolder(), secret = KEY.secret) {
  const objects = await Objects.open(folder);
  const failures: Error[] = [];
  const server = bucketServer({ name: Bucket, region: 'us-east-1', key: KEY }, objects, (error) =>
    failures.push(error),
  ).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new s3.S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: KEY.id, secretAccessKey: secret },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    removeFolder(folder);
  });
  const put = (Key: string, Body: string | Buffer | Readable, more = {}) =>
    client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
  const read = async (Key: string) =>
    (await client.send(new s3.GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  return { client, put, read, endpoint, folder, failures, objects };
}

describe('an object', () => {
  test('is put, read, described and deleted, whatever its key', async () => {
    const { client, put, read } = await bucket();
    for (const key of ['a', 'a/b c', "ä/'(1)*!~.txt", 'x&<y>"', '../..', 'a//b/', '%41+']) {
      await put(key, `content of ${key}`);
      expect(await read(key)).toBe(`content of ${key}`);
    }
    await put('a', 'again', { ContentType: 'text/plain', Metadata: { owner: 'ada' } });
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
      Metadata: { owner: 'ada' },
      ETag: `"${createHash('md5').update('again').digest('hex')}"`,
    });
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'a' }));
    await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('is read in part, and on conditions', async () => {
    const { client, put } = await bucket();
    const { ETag } = await put('a', '0123456789');
    const get = (more: object) =>
      client.send(new s3.GetObjectCommand({ Bucket, Key: 'a', ...more }));
    const part = await get({ Range: 'bytes=2-4' });
    expect([await part.Body?.transformToString(), part.ContentRange]).toEqual([
      '234',
      'bytes 2-4/10',
    ]);
    expect(await (await get({ Range: 'bytes=-3' })).Body?.transformToString()).toBe('789');
    await expect(get({ Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get({ IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('is the same on disk and in memory, however many change it at once', async () => {
    const { folder, objects } = await bucket();
    const put = async (key: string) => {
      const { file, size, md5 } = await objects.write(Readable.from([key]));
      return () => objects.put(key, { file, size }, md5, {});
    };
    for (let round = 0; round < 300; round += 1) {
      const key = `k${round}`;
      await (await put(key))();
      const again = (await put(key))();
      // At another step of the other one in each round.
      for (let turn = 0; turn < round % 15; turn += 1) await new Promise(setImmediate);
      await Promise.all([again, objects.remove(key)]);
    }
    const again = await Objects.open(folder);
    expect(again.keys()).toEqual(objects.keys());
    for (const key of again.keys()) {
      expect(again.find(key)).toEqual(objects.find(key));
      expect(String(await again.read(again.find(key)).toArray())).toBe(key);
    }
  });

  test('that is damaged on disk is named, and no bytes are thrown away', async () => {
    const { put, folder } = await bucket();
    await put('a', '1');
    const files = () => readdirSync(join(folder, 'objects')).sort();
    const before = files();
    const info = before.find((file) => file.endsWith('.json')) ?? '';
    writeFileSync(join(folder, 'objects', info), '');
    await expect(Objects.open(folder)).rejects.toThrow(`${info} is damaged`);
    expect(files()).toEqual(before);
  });

  test('is a lock: of many who want to be first one is, and nobody overwrites what he has not seen', async () => {
    const { put, read } = await bucket();
    const takers = ['ada', 'bob', 'cy', 'dee'].map((name) =>
      put('lock', name, { IfNoneMatch: '*' }),
    );
    const taken = await Promise.allSettled(takers);
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { ETag } = await put('state', 'one');
    await put('state', 'two', { IfMatch: ETag });
    const late = put('state', 'three', { IfMatch: ETag });
    await expect(late).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await read('state')).toBe('two');
    await expect(put('none', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('has no name in a header that no header can have', async () => {
    const { client, put, failures } = await bucket();
    await put('a', '1');
    const get = (name: string) =>
      client.send(
        new s3.GetObjectCommand({
          Bucket,
          Key: 'a',
          ResponseContentDisposition: `attachment; filename="${name}"`,
        }),
      );
    await expect(get('日本')).rejects.toMatchObject({ name: 'InvalidArgument' });
    expect((await get('a')).ContentDisposition).toBe('attachment; filename="a"');
    expect(failures).toEqual([]);
  });

  test('comes as a stream, in parts, or as a copy, and stays after a restart', async () => {
    const first = await bucket();
    const { client, put, folder } = first;
    const large = Buffer.alloc(11 * 1024 * 1024, 'paas ');
    const params = { Bucket, Key: 'large', Body: Readable.from([large]) };
    await new Upload({ client, params }).done();
    await put('stream', Readable.from(['one ', 'two']), { ContentLength: 7 });
    await client.send(
      new s3.CopyObjectCommand({ Bucket, Key: 'b c', CopySource: `${Bucket}/stream` }),
    );
    const again = await bucket(folder);
    expect(await again.read('b c')).toBe('one two');
    const { Body, ETag } = await again.client.send(
      new s3.GetObjectCommand({ Bucket, Key: 'large' }),
    );
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(large)).toBe(true);
    expect(ETag).toMatch(/-3"$/);
    expect(first.failures).toEqual([]);
  });
});

describe('a list', () => {
  test('shows folders as one, page by page', async () => {
    const { client, put } = await bucket();
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'c/2/3', 'd']) await put(key, key);
    const all: (string | undefined)[] = [];
    const pages = s3.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Delimiter: '/' });
    for await (const { Contents = [], CommonPrefixes = [] } of pages) {
      all.push(...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix));
    }
    expect(all.sort()).toEqual(['a/', 'b', 'c/', 'd']);
    const { Contents } = await client.send(
      new s3.ListObjectsCommand({ Bucket, Prefix: 'c/', Marker: 'c/1' }),
    );
    expect(Contents?.map(({ Key }) => Key)).toEqual(['c/2/3']);
    const Objects = [{ Key: 'a/1' }, { Key: 'nothing' }];
    await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const left = await client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'a/' }));
    expect(left).toMatchObject({ KeyCount: 1, Contents: [{ Key: 'a/2', Size: 3 }] });
    expect((await client.send(new s3.ListBucketsCommand({}))).Buckets).toMatchObject([
      { Name: Bucket },
    ]);
  });
});

describe('who is let in', () => {
  test('nobody without the key, except to read what is public', async () => {
    const { put, endpoint, folder } = await bucket();
    await put('private', 'no');
    await put('public/a.txt', 'yes');
    expect((await fetch(`${endpoint}/${Bucket}/private`)).status).toBe(403);
    expect((await fetch(`${endpoint}/${Bucket}`)).status).toBe(403);
    expect((await fetch(`${endpoint}//public/`)).status).toBe(403);
    expect(await (await fetch(`${endpoint}/${Bucket}/public/a.txt`)).text()).toBe('yes');
    const written = await fetch(`${endpoint}/${Bucket}/public/a.txt`, { method: 'PUT', body: 'x' });
    expect(written.status).toBe(403);
    const wrong = await bucket(folder, 'wrong');
    await expect(wrong.read('private')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });

  test('a signed URL works for what and as long as it says', async () => {
    const { client, put, read } = await bucket();
    await put('a b', 'hello');
    const get = await getSignedUrl(client, new s3.GetObjectCommand({ Bucket, Key: 'a b' }));
    expect(await (await fetch(get)).text()).toBe('hello');
    expect((await fetch(get.replace('a%20b', 'b'))).status).toBe(403);
    const put2 = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: 'up' }));
    expect((await fetch(put2, { method: 'PUT', body: 'from a browser' })).status).toBe(200);
    expect(await read('up')).toBe('from a browser');
    const old = new Date(Date.now() - 3600_000);
    const late = await getSignedUrl(client, new s3.GetObjectCommand({ Bucket, Key: 'a b' }), {
      expiresIn: 60,
      signingDate: old,
    });
    expect(await (await fetch(late)).text()).toContain('Request has expired');
  });

  test('what is cut off on its way is no object', async () => {
    const { endpoint, client, objects } = await bucket();
    const url = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: 'cut' }));
    await new Promise<void>((resolve) => {
      const upload = request(url, { method: 'PUT', headers: { 'content-length': '1000' } });
      upload.on('error', () => resolve());
      upload.write('only this', () => upload.destroy());
    });
    expect((await fetch(`${endpoint}/${Bucket}/public/none`)).status).toBe(404);
    expect(objects.keys()).toEqual([]);
  });
});
