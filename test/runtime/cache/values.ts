/** Short ways to the values that the tables are made of. */
import type { CacheRequest, RawHeaders } from '../../../src/runtime/cache/cache.js';
import { keyOf, uriOf } from '../../../src/runtime/cache/key.js';
import { mayStore } from '../../../src/runtime/cache/policy.js';
import { readRequest } from '../../../src/runtime/cache/request.js';
import { type StoredResponse, storedResponse } from '../../../src/runtime/cache/stored.js';
import { variantOf } from '../../../src/runtime/cache/vary.js';

/** The moment at which everything in the tables happens. */
export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

/** An HTTP date some seconds from `NOW`. */
export function date(seconds: number): string {
  return new Date(NOW + seconds * 1000).toUTCString();
}

/** `{ 'Cache-Control': 'max-age=60' }` as raw header lines. */
export function raw(headers: Readonly<Record<string, string | readonly string[]>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((line) => [name, line as string]),
  );
}

export function request(
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  more: Partial<CacheRequest> = {},
): CacheRequest {
  return {
    app: 'app',
    method: 'GET',
    scheme: 'http',
    host: 'shop.localhost',
    path: '/',
    headers: raw(headers),
    ...more,
  };
}

export interface Made {
  readonly request?: CacheRequest;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly app?: string;
  readonly path?: string;
}

/** A response that was stored at `NOW`. */
export function stored(made: Made = {}): StoredResponse {
  const { app = 'app', path = '/' } = made;
  const asked = made.request ?? request({}, { app, path });
  const headers: RawHeaders = raw({
    Date: date(0),
    'Cache-Control': 'max-age=60',
    ...made.headers,
  });
  const facts = readRequest(asked);
  const status = made.status ?? 200;
  const decision = mayStore(facts, { status, headers }, 'explicit', NOW);
  if (decision.store === 'no') throw new Error(`not storable: ${decision.because}`);
  const { vary, permission } = decision;
  const variant = variantOf(vary, asked.headers, facts.rerouting);
  const place = { app: asked.app, key: keyOf(asked.app, uriOf(asked)), vary, variant };
  const bytes = Buffer.from(made.body ?? 'body');
  const body = { pieces: [bytes], length: bytes.length };
  const times = { requested: NOW, responded: NOW };
  return storedResponse(place, status, headers, body, permission, times, NOW);
}
