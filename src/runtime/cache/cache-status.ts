/** The Cache-Status field: how this cache handled a request (RFC 9211). Pure. */
import { serializeString } from 'structured-headers';
import { uriOfKey, visible } from './key.js';

/** Why a request was sent on (RFC 9211 2.2). */
export type ForwardReason = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'request' | 'stale';

/** What is told of one request. Times in seconds. */
export interface CacheStatus {
  readonly key: string;
  /** Absent: a hit. */
  readonly fwd?: ForwardReason;
  readonly fwdStatus?: number;
  readonly ttl?: number;
  readonly stored?: 'stored';
  readonly collapsed?: 'collapsed';
  /** Why the response is not stored, or which rule let a stale one out. */
  readonly detail?: string;
}

/** The member of this cache: `paas; hit; ttl=376; key="http://shop.localhost/"`. */
export function cacheStatusMember(status: CacheStatus): string {
  let member = status.fwd === undefined ? 'paas; hit' : `paas; fwd=${status.fwd}`;
  if (status.fwdStatus !== undefined) member += `; fwd-status=${status.fwdStatus}`;
  if (status.ttl !== undefined) member += `; ttl=${status.ttl}`;
  if (status.stored !== undefined) member += '; stored';
  if (status.collapsed !== undefined) member += '; collapsed';
  if (status.detail !== undefined) member += `; detail=${status.detail}`;
  return `${member}; key=${keyParameter(status.key)}`;
}

/** A Structured Fields string is ASCII: what is not, and would break the field, is percent-encoded. */
function keyParameter(key: string): string {
  return serializeString(visible(uriOfKey(key)));
}
