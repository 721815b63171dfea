/** The server of one bucket: who may, what is wanted, and errors as S3 tells them. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hex } from '../secret.js';
import * as onBucket from './bucket-operations.js';
import { S3Error } from './errors.js';
import { Exchange } from './exchange.js';
import * as onObject from './object-operations.js';
import type { Objects } from './objects.js';
import { checkSignature, type Key } from './signature.js';
import { Uploads } from './uploads.js';
import { document } from './xml.js';

/** Objects that everybody may read, as at Bucketeer. */
const PUBLIC = 'public/';

/** Browsers upload and download by signed URLs, from whatever page. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'ETag',
};

/** What a bucket is. */
export interface BucketAddress {
  readonly name: string;
  readonly region: string;
  readonly key: Key;
}

/** @param failed is told of what went wrong with us */
export function bucketServer(
  address: BucketAddress,
  objects: Objects,
  failed: (error: Error) => void,
): Server {
  const uploads = new Uploads(objects);
  const server = createServer((request, response) => {
    const id = hex(8).toUpperCase();
    for (const [name, value] of Object.entries({ ...CORS, 'x-amz-request-id': id })) {
      response.setHeader(name, value);
    }
    answer(address, objects, uploads, request, response).catch((error: Error) => {
      const known = error instanceof S3Error ? error : undefined;
      if (!known) failed(error);
      refuse(known ?? new S3Error('InternalError', error.message), id, request, response);
    });
  });
  // An upload takes as long as it takes.
  server.requestTimeout = 0;
  return server;
}

async function answer(
  { name, region, key: secret }: BucketAddress,
  objects: Objects,
  uploads: Uploads,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  if (method === 'OPTIONS') {
    response.writeHead(200).end();
    return;
  }
  const { bucket, key } = placeOf(url, headers.host ?? '', name);
  const reads = method === 'GET' || method === 'HEAD';
  const open = reads && bucket === name && key.startsWith(PUBLIC);
  const signed = headers.authorization !== undefined || url.includes('X-Amz-Algorithm=');
  const payload =
    open && !signed ? '' : checkSignature({ method, url, headers }, secret, Date.now());
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  const exchange = new Exchange(name, objects, uploads, key, query, payload, request, response);
  if (bucket === '') return onBucket.listBuckets(exchange);
  if (bucket !== name) {
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist.');
  }
  await (key === '' ? aboutBucket(exchange, method, region) : aboutObject(exchange, method));
}

/** `http://localhost/bucket/key` or `http://bucket.localhost/key`. */
function placeOf(url: string, host: string, name: string): { bucket: string; key: string } {
  let path: string;
  try {
    path = decodeURIComponent(url.split('?')[0] ?? '').slice(1);
  } catch {
    throw new S3Error('InvalidURI', "The URI can't be read.");
  }
  if (host.startsWith(`${name}.`)) return { bucket: name, key: path };
  const end = path.indexOf('/');
  return end < 0
    ? { bucket: path, key: '' }
    : { bucket: path.slice(0, end), key: path.slice(end + 1) };
}

async function aboutBucket(exchange: Exchange, method: string, region: string): Promise<void> {
  const { query } = exchange;
  if (method === 'HEAD' || method === 'PUT') {
    return exchange.empty(200, { 'x-amz-bucket-region': region });
  }
  if (method === 'POST' && query.has('delete')) return onBucket.deleteObjects(exchange);
  if (method !== 'GET') throw notHere(method);
  if (query.has('location')) return exchange.xml('LocationConstraint', '');
  if (query.has('uploads')) return onBucket.listUploads(exchange);
  const other = ['acl', 'cors', 'policy', 'lifecycle', 'tagging', 'versions', 'website'];
  const asked = other.find((each) => query.has(each));
  if (asked !== undefined) throw notHere(`?${asked}`);
  if (query.has('versioning')) return exchange.xml('VersioningConfiguration', {});
  return onBucket.listObjects(exchange);
}

async function aboutObject(exchange: Exchange, method: string): Promise<void> {
  const { query } = exchange;
  const other = ['acl', 'tagging', 'retention', 'legal-hold', 'torrent', 'attributes', 'select'];
  const asked = other.find((each) => query.has(each));
  if (asked !== undefined) throw notHere(`?${asked}`);
  const part = query.has('uploadId');
  if (method === 'PUT') return part ? onObject.putPart(exchange) : onObject.putObject(exchange);
  if (method === 'DELETE') {
    return part ? onObject.abortUpload(exchange) : onObject.deleteObject(exchange);
  }
  if (method === 'POST' && query.has('uploads')) return onObject.beginUpload(exchange);
  if (method === 'POST' && part) return onObject.completeUpload(exchange);
  if (method === 'GET' && part) return onObject.listParts(exchange);
  if (method === 'GET' || method === 'HEAD') return onObject.getObject(exchange, method);
  throw notHere(method);
}

function notHere(what: string): S3Error {
  return new S3Error('NotImplemented', `${what} is not to be had in a bucket of paas.`);
}

function refuse(
  { status, code, message }: S3Error,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = document('Error', { Code: code, Message: message, RequestId: id });
  // What is still on its way is not read to its end.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(request.method === 'HEAD' ? undefined : body);
}
