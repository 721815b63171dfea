/** The proxy with the cache in front of a test origin, on a clock that stands still until told. */
import type { RequestListener } from 'node:http';
import { afterEach } from 'vitest';
import { type CacheOptions, HttpCache } from '../../../src/runtime/cache/cache.js';
import { type Front, startFront } from './front.js';
import { startOrigin, type TestOrigin } from './origin.js';
import { NOW } from './values.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

export interface Setting {
  readonly front: Front;
  readonly origin: TestOrigin;
  readonly cache: HttpCache;
  /** Lets time pass for the cache, in seconds. */
  readonly pass: (seconds: number) => void;
}

/** Closed by itself after the test. */
export async function setting(
  answer: RequestListener,
  options: CacheOptions = {},
): Promise<Setting> {
  let now = NOW;
  const cache = new HttpCache({ now: () => now, ...options });
  const origin = await startOrigin(answer);
  const front = await startFront({ cache, origin: () => origin.port });
  open.push(front, origin);
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { front, origin, cache, pass };
}

/** Answers with these fields, and a body that counts the answers. */
export function counting(...fields: Record<string, string | string[]>[]): RequestListener {
  let count = 0;
  return (_, response) => {
    const headers = fields[Math.min(count, fields.length - 1)]!;
    count += 1;
    response.writeHead(200, headers).end(`answer ${count}`);
  };
}

export const FRESH = { 'Cache-Control': 'max-age=60' };
export const cacheStatus = (headers: NodeJS.Dict<string | string[]>) =>
  String(headers['cache-status']);
