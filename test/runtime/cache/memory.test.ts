import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { HttpCache } from '../../../src/runtime/cache/cache.js';
import type { OriginResponse, Reply } from '../../../src/runtime/cache/messages.js';
import { raw, request } from './values.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const NOWHERE: Reply = {
  gone: false,
  head: () => {},
  write: () => undefined,
  end: () => {},
  abort: () => {},
};
const KB = 1024;

function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A body in small views of large buffers, as a parser cuts it out of what a socket read. */
function response(bytes: number, piece: number): OriginResponse {
  const body = (async function* () {
    for (let sent = 0; sent < bytes; sent += piece) yield Buffer.alloc(64 * KB).subarray(0, piece);
  })();
  return { status: 200, headers: raw({ 'Cache-Control': 'max-age=60' }), body, from: 'dyno' };
}

it('keeps no more memory for a stored body than its size and a little', async () => {
  const cache = new HttpCache();
  const before = held();
  for (let n = 0; n < 20; n += 1) {
    const forward = async () => response(1024 * KB, 4 * KB);
    await cache.handle(request({}, { path: `/${n}` }), forward, NOWHERE);
  }
  expect(cache.statistics('app').entries).toBe(20);
  await expect.poll(() => held() - before).toBeLessThan(1.15 * 20 * 1024 * KB);
});

it('stays within its budget under 10,000 variants', async () => {
  const cache = new HttpCache({ maxBytes: 2 * 1024 * KB });
  for (let n = 0; n < 10_000; n += 1) {
    const asked = request({ 'User-Agent': `agent ${n}` });
    const fields = raw({ 'Cache-Control': 'max-age=60', Vary: 'User-Agent' });
    const forward = async () => ({ ...response(KB, KB), headers: fields });
    await cache.handle(asked, forward, NOWHERE);
  }
  const { entries, bytes } = cache.statistics('app');
  expect(entries).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(2 * 1024 * KB);
});
