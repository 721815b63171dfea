import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type CacheOptions, HttpCache } from '../../../src/runtime/cache/cache.js';
import { type Front, startFront } from './front.js';
import { ask, startOrigin, type TestOrigin } from './origin.js';
import { date, NOW } from './values.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Setting {
  readonly front: Front;
  readonly origin: TestOrigin;
  readonly cache: HttpCache;
  /** Lets time pass for the cache, in seconds. */
  readonly pass: (seconds: number) => void;
}

async function setting(answer: RequestListener, options: CacheOptions = {}): Promise<Setting> {
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
function counting(...fields: Record<string, string | string[]>[]): RequestListener {
  let count = 0;
  return (_, response) => {
    const headers = fields[Math.min(count, fields.length - 1)]!;
    count += 1;
    response.writeHead(200, headers).end(`answer ${count}`);
  };
}

const FRESH = { 'Cache-Control': 'max-age=60' };
const cacheStatus = (headers: NodeJS.Dict<string | string[]>) => String(headers['cache-status']);

describe('a fresh response', () => {
  it('is answered without the origin, with Age, Date and Cache-Status', async () => {
    const dated = { ...FRESH, Date: date(0) };
    const { front, origin, pass } = await setting(counting(dated));
    const first = await ask(front.port, '/a?b=1');
    pass(10);
    const second = await ask(front.port, '/a?b=1');
    expect(second.body).toEqual(first.body);
    expect(origin.requests).toHaveLength(1);
    expect(cacheStatus(first.headers)).toMatch(
      /^paas; fwd=uri-miss; fwd-status=200; ttl=60; stored; key="http:\/\/127.0.0.1:\d+\/a\?b=1"$/,
    );
    expect(second.headers.age).toBe('10');
    expect(second.headers.date).toBe(first.headers.date);
    expect(cacheStatus(second.headers)).toMatch(/^paas; hit; ttl=50; key=/);
    expect(front.verdicts.map(({ outcome }) => outcome)).toEqual(['miss', 'hit']);
  });

  it('answers HEAD with the length of its body', async () => {
    const { front, origin } = await setting(counting(FRESH));
    await ask(front.port, '/');
    const head = await ask(front.port, '/', { method: 'HEAD' });
    expect(head.headers['content-length']).toBe('8');
    expect(head.body).toHaveLength(0);
    expect(origin.requests).toHaveLength(1);
  });

  it('answers a part, and says when there is none', async () => {
    const { front, origin } = await setting(counting({ ...FRESH, ETag: '"a"' }));
    await ask(front.port, '/');
    const part = await ask(front.port, '/', { headers: { Range: 'bytes=-1' } });
    expect([part.status, part.headers['content-range'], String(part.body)]).toEqual([
      206,
      'bytes 7-7/8',
      '1',
    ]);
    const none = await ask(front.port, '/', { headers: { Range: 'bytes=8-' } });
    expect([none.status, none.headers['content-range']]).toEqual([416, 'bytes */8']);
    expect(origin.requests).toHaveLength(1);
  });

  it('answers 304 to a client that has it', async () => {
    const { front, origin } = await setting(
      counting({ ...FRESH, ETag: '"a"', 'Content-Type': 'text/x' }),
    );
    await ask(front.port, '/');
    const again = await ask(front.port, '/', { headers: { 'If-None-Match': 'W/"a"' } });
    expect([again.status, again.headers.etag, again.headers['content-type']]).toEqual([
      304,
      '"a"',
      undefined,
    ]);
    expect(again.headers['cache-control']).toBe('max-age=60');
    expect(origin.requests).toHaveLength(1);
  });

  it('goes when the clock has stepped back and the time is over', async () => {
    const { front, origin, pass } = await setting(counting(FRESH));
    await ask(front.port, '/');
    pass(-3600);
    await ask(front.port, '/');
    expect(origin.requests).toHaveLength(1);
    pass(61);
    await ask(front.port, '/');
    expect(origin.requests).toHaveLength(2);
  });
});

describe('a stale response', () => {
  it('is validated, freshened and served', async () => {
    const { front, origin, pass } = await setting((request, response) => {
      if (request.headers['if-none-match'] === '"a"') {
        response.writeHead(304, { ...FRESH, ETag: '"a"', X: '2' }).end();
      } else response.writeHead(200, { ...FRESH, ETag: '"a"', X: '1', Y: '1' }).end('body');
    });
    await ask(front.port, '/');
    pass(61);
    const validated = await ask(front.port, '/');
    expect([validated.status, String(validated.body)]).toEqual([200, 'body']);
    expect([validated.headers['x'], validated.headers['y']]).toEqual(['2', '1']);
    expect(cacheStatus(validated.headers)).toMatch(
      /^paas; fwd=stale; fwd-status=304; ttl=60; key=/,
    );
    await ask(front.port, '/');
    expect(origin.requests).toHaveLength(2);
  });

  it('is fetched anew when a 304 speaks of something else', async () => {
    const { front, origin, pass } = await setting((request, response) => {
      if (request.headers['if-none-match']) response.writeHead(304, { ETag: '"other"' }).end();
      else response.writeHead(200, { ...FRESH, ETag: '"a"' }).end(`body ${origin.requests.length}`);
    });
    await ask(front.port, '/');
    pass(61);
    expect(String((await ask(front.port, '/')).body)).toBe('body 3');
  });

  it('is served while a new one is fetched, once, with stale-while-revalidate', async () => {
    const swr = { 'Cache-Control': 'max-age=10, stale-while-revalidate=60' };
    const held: ServerResponse[] = [];
    const { front, origin, pass } = await setting((_, response) => {
      response.writeHead(200, swr);
      if (origin.requests.length === 1) response.end('old');
      else held.push(response);
    });
    await ask(front.port, '/');
    pass(20);
    const served = await Promise.all([1, 2, 3].map(() => ask(front.port, '/')));
    expect(served.map(({ body }) => String(body))).toEqual(['old', 'old', 'old']);
    expect(cacheStatus(served[0]!.headers)).toMatch(/^paas; hit; ttl=-10; /);
    held[0]!.end('new');
    await expect.poll(async () => String((await ask(front.port, '/')).body)).toBe('new');
    expect(origin.requests).toHaveLength(2);
  });

  it('stands in for an error with stale-if-error, and for no other status', async () => {
    let status = 200;
    const { front, pass } = await setting((_, response) => {
      response
        .writeHead(status, { 'Cache-Control': 'max-age=10, stale-if-error=60' })
        .end(String(status));
    });
    await ask(front.port, '/');
    pass(20);
    status = 503;
    const stale = await ask(front.port, '/');
    expect([stale.status, String(stale.body)]).toEqual([200, '200']);
    expect(cacheStatus(stale.headers)).toContain('fwd=stale; fwd-status=503');
    expect(front.verdicts.at(-1)?.outcome).toBe('stale');
    status = 404;
    expect((await ask(front.port, '/')).status).toBe(404);
  });

  it('stands in when nobody answers, unless it must be validated', async () => {
    const { front, pass } = await setting((request, response) => {
      if (origin.down) return void request.socket.destroy();
      const more = request.url === '/strict' ? ', must-revalidate' : '';
      response.writeHead(200, { 'Cache-Control': `max-age=10${more}` }).end('body');
    });
    const origin = { down: false };
    for (const path of ['/', '/strict']) await ask(front.port, path);
    pass(12);
    origin.down = true;
    expect((await ask(front.port, '/')).status).toBe(200);
    expect((await ask(front.port, '/strict')).status).toBe(503);
    pass(60);
    expect((await ask(front.port, '/')).status).toBe(503);
  });
});

describe('a request', () => {
  it('with only-if-cached gets 504 without the origin', async () => {
    const { front, origin } = await setting(counting(FRESH));
    const answer = await ask(front.port, '/', { headers: { 'Cache-Control': 'only-if-cached' } });
    expect([answer.status, answer.headers['cache-status']]).toEqual([
      504,
      expect.stringContaining('only-if-cached'),
    ]);
    expect(origin.requests).toHaveLength(0);
  });

  it('that changes things makes the stored response invalid, and what it points to', async () => {
    const { front, origin } = await setting((request, response) => {
      if (request.method === 'GET') response.writeHead(200, FRESH).end('body');
      else response.writeHead(request.url === '/fails' ? 500 : 303, { Location: '/list' }).end();
    });
    for (const path of ['/cart', '/list', '/fails']) await ask(front.port, path);
    await ask(front.port, '/cart', { method: 'POST', body: 'x' });
    await ask(front.port, '/fails', { method: 'POST', body: 'x' });
    expect(origin.requests).toHaveLength(5);
    for (const path of ['/cart', '/list', '/fails']) await ask(front.port, path);
    expect(origin.requests).toHaveLength(7);
  });

  it('with Authorization gets no response that was stored for everybody else', async () => {
    const { front, origin } = await setting(counting(FRESH));
    await ask(front.port, '/');
    const own = await ask(front.port, '/', { headers: { Authorization: 'x' } });
    expect(cacheStatus(own.headers)).toContain('fwd=bypass; fwd-status=200; detail=authorization');
    expect(origin.requests).toHaveLength(2);
  });

  it('gets its own variant', async () => {
    const { front, origin } = await setting((request, response) => {
      response.writeHead(200, { ...FRESH, Vary: 'X' }).end(String(request.headers['x']));
    });
    const x = async (value: string) =>
      String((await ask(front.port, '/', { headers: { X: value } })).body);
    expect([await x('1'), await x('2'), await x('1'), await x('2')]).toEqual(['1', '2', '1', '2']);
    expect(origin.requests).toHaveLength(2);
  });

  it.each<[string, Record<string, string>]>([
    ['another host by X-Forwarded-Host', { 'X-Forwarded-Host': 'evil' }],
    ['another path by X-Original-URL', { 'X-Original-URL': '/admin' }],
    ['a body that no key holds', { 'Content-Length': '4' }],
  ])('that asks for %s does not poison what others get', async (_, headers) => {
    const { front } = await setting((request, response) => {
      response
        .writeHead(200, FRESH)
        .end(
          JSON.stringify(
            Object.values(headers).filter((value) =>
              Object.values(request.headers).includes(value),
            ),
          ),
        );
    });
    const body = 'Content-Length' in headers ? 'evil' : undefined;
    await ask(front.port, '/', { headers, ...(body && { body }) });
    expect(String((await ask(front.port, '/')).body)).toBe('[]');
  });
});

describe('a response', () => {
  it.each([
    ['no-store', { 'Cache-Control': 'no-store' }],
    ['private', { 'Cache-Control': 'private, max-age=60' }],
    ['set-cookie', { 'Cache-Control': 'max-age=60', 'Set-Cookie': 'a=b' }],
    ['no-explicit-freshness', {}],
  ])('with %s is not stored, and says why', async (because, headers) => {
    const { front, origin, cache } = await setting(counting(headers));
    const first = await ask(front.port, '/');
    await ask(front.port, '/');
    expect(cacheStatus(first.headers)).toContain(`detail=${because}`);
    expect(origin.requests).toHaveLength(2);
    expect(cache.statistics('app')).toMatchObject({
      entries: 0,
      reasons: { [because]: 2 },
      uncacheable: [{ path: '/', count: 2, reason: because }],
    });
  });

  it('loses the fields that a qualified no-cache names', async () => {
    const named = {
      'Cache-Control': 'max-age=60, no-cache="X-User"',
      'X-User': 'me',
      'X-All': '1',
    };
    const { front } = await setting(counting(named));
    expect((await ask(front.port, '/')).headers['x-user']).toBe('me');
    const hit = await ask(front.port, '/');
    expect([hit.headers['x-user'], hit.headers['x-all']]).toEqual([undefined, '1']);
  });

  it('is forgotten by URL, by path, by tag, and with its app', async () => {
    const tags: Record<string, string> = { '/a': 'one, two', '/b': 'two', '/c': '' };
    const { front, cache } = await setting((request, response) => {
      response.writeHead(200, { ...FRESH, 'Cache-Tag': tags[request.url!]! }).end();
    });
    const fill = async () => {
      for (const path of Object.keys(tags)) await ask(front.port, path);
    };
    await fill();
    expect(cache.purge('other', { tag: 'two' })).toBe(0);
    expect(cache.purge('app', { tag: 'two' })).toBe(2);
    await fill();
    expect(cache.purge('app', { url: `http://127.0.0.1:${front.port}/a` })).toBe(1);
    expect(cache.purge('app', { url: '/b' })).toBe(1);
    expect(cache.purge('app', { url: '/b' })).toBe(0);
    await fill();
    expect(cache.purge('app', {})).toBe(3);
    await fill();
    cache.clear('app');
    expect(cache.statistics('app').entries).toBe(0);
  });

  it('that POST names as its own representation answers the next GET', async () => {
    const { front, origin } = await setting(counting({ ...FRESH, 'Content-Location': '/' }));
    await ask(front.port, '/', { method: 'POST', body: 'x' });
    expect(String((await ask(front.port, '/')).body)).toBe('answer 1');
    expect(origin.requests).toHaveLength(1);
  });

  it('to HEAD freshens what is stored, or drops it when it is about something else', async () => {
    let etag = '"a"';
    const { front, origin, pass } = await setting((request, response) => {
      response.writeHead(200, { ...FRESH, ETag: etag, X: request.method! }).end('body');
    });
    await ask(front.port, '/');
    pass(61);
    await ask(front.port, '/', { method: 'HEAD' });
    const freshened = await ask(front.port, '/');
    expect([String(freshened.body), freshened.headers['x']]).toEqual(['body', 'HEAD']);
    etag = '"b"';
    pass(61);
    await ask(front.port, '/', { method: 'HEAD' });
    await ask(front.port, '/');
    expect(origin.requests.map(({ method }) => method)).toEqual(['GET', 'HEAD', 'HEAD', 'GET']);
  });

  it('reaches the client with its trailers', async () => {
    const { front } = await setting((_, response: ServerResponse) => {
      response.writeHead(200, { Trailer: 'X-Sum', 'Transfer-Encoding': 'chunked' });
      response.write('body');
      response.addTrailers({ 'X-Sum': '1' });
      response.end();
    });
    expect(String((await ask(front.port, '/')).body)).toBe('body');
  });
});
