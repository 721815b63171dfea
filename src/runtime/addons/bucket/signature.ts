/**
 * Whether a request was signed with the bucket's key: Signature Version 4, in a header or in the
 * query (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html). Pure.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './errors.js';

/** The key of a bucket. */
export interface Key {
  readonly id: string;
  readonly secret: string;
}

/** What of a request is signed. */
export interface Signed {
  readonly method: string;
  /** As it came, query included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** ms that the clocks of both may be apart. */
const SKEW = 15 * 60_000;

interface Claim {
  readonly keyId: string;
  /** `20261126/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** `20261126T101500Z` */
  readonly date: string;
  readonly names: readonly string[];
  readonly signature: string;
  /** ms that a URL is valid. */
  readonly validFor?: number;
}

/**
 * Returns when the request may be answered.
 * @param now ms since the epoch
 * @returns what the client says about its body: a checksum, UNSIGNED-PAYLOAD, or STREAMING-…
 * @throws S3Error when it is not signed, or by another key, or too late
 */
export function checkSignature(request: Signed, key: Key, now: number): string {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const claim = claimOf(request, query);
  if (!claim) throw new S3Error('AccessDenied', 'The request is not signed.');
  if (claim.keyId !== key.id) {
    throw new S3Error('InvalidAccessKeyId', 'There is no such access key.');
  }
  const signedAt = timeOf(claim.date);
  if (Number.isNaN(signedAt) || signedAt - now > SKEW) {
    throw new S3Error('RequestTimeTooSkewed', 'The clocks are too far apart.');
  }
  if (now - signedAt > (claim.validFor ?? SKEW)) {
    throw claim.validFor === undefined
      ? new S3Error('RequestTimeTooSkewed', 'The clocks are too far apart.')
      : new S3Error('AccessDenied', 'Request has expired.');
  }
  const payload =
    claim.validFor === undefined
      ? header(request, 'x-amz-content-sha256') || 'UNSIGNED-PAYLOAD'
      : 'UNSIGNED-PAYLOAD';
  if (!sameText(signatureOf(request, claim, key, payload), claim.signature)) {
    throw new S3Error('SignatureDoesNotMatch', 'The signature is another one than it must be.');
  }
  return payload;
}

function claimOf(request: Signed, query: URLSearchParams): Claim | undefined {
  const authorization = header(request, 'authorization');
  if (authorization.startsWith('AWS4-HMAC-SHA256 ')) {
    const parts = Object.fromEntries(
      authorization
        .slice('AWS4-HMAC-SHA256 '.length)
        .split(',')
        .map((part) => part.trim().split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    return {
      ...credential(parts['Credential'] ?? ''),
      date: header(request, 'x-amz-date') || compact(header(request, 'date')),
      names: (parts['SignedHeaders'] ?? '').split(';'),
      signature: parts['Signature'] ?? '',
    };
  }
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return undefined;
  return {
    ...credential(query.get('X-Amz-Credential') ?? ''),
    date: query.get('X-Amz-Date') ?? '',
    names: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    validFor: 1000 * Number(query.get('X-Amz-Expires') ?? 0),
  };
}

function credential(text: string): Pick<Claim, 'keyId' | 'scope'> {
  const [keyId = '', ...scope] = text.split('/');
  return { keyId, scope: scope.join('/') };
}

function signatureOf(request: Signed, claim: Claim, key: Key, payload: string): string {
  const [path = '', query = ''] = request.url.split('?');
  const canonical = [
    request.method,
    encodePath(path),
    canonicalQuery(query),
    ...claim.names.map((name) => `${name}:${header(request, name).trim().replace(/ +/g, ' ')}`),
    '',
    claim.names.join(';'),
    payload,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', claim.date, claim.scope, sha256(canonical)].join('\n');
  const signing = claim.scope
    .split('/')
    .reduce((last: string | Buffer, part) => hmac(last, part), `AWS4${key.secret}`);
  return hmac(signing, toSign).toString('hex');
}

/** In its one encoded form: clients differ in what they leave as it is. */
function encodePath(path: string): string {
  return path
    .split('/')
    .map((part) => encode(decode(part)))
    .join('/');
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return `${encode(decode(name))}=${encode(decode(value))}`;
    })
    .sort()
    .join('&');
}

/** RFC 3986: all but unreserved signs. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "The URI can't be read.");
  }
}

function header({ headers }: Signed, name: string): string {
  const value = headers[name] ?? '';
  return Array.isArray(value) ? value.join(',') : value;
}

function timeOf(date: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}

function compact(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
