import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ask } from './origin.js';
import { cacheStatus, counting, FRESH, setting } from './setting.js';
import { request } from './values.js';

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

  it('that is not for the store lets the next requests pass by, for a while', async () => {
    const { front, cache, pass } = await setting(counting({ 'Cache-Control': 'private' }));
    const asked = request({}, { host: `127.0.0.1:${front.port}` });
    expect(cache.passes(asked)).toBeUndefined();
    await ask(front.port, '/');
    expect(cache.passes(asked)?.(200)).toMatch(
      /^paas; fwd=uri-miss; fwd-status=200; detail=private; key=/,
    );
    expect(cache.passes({ ...asked, method: 'HEAD' })).toBeUndefined();
    const only = ['Cache-Control', 'only-if-cached'];
    expect(cache.passes({ ...asked, headers: only })).toBeUndefined();
    expect(cache.statistics('app')).toMatchObject({ misses: 2, reasons: { private: 2 } });
    pass(10);
    expect(cache.passes(asked)).toBeUndefined();
    await ask(front.port, '/');
    cache.clear('app');
    expect(cache.passes(asked)).toBeUndefined();
  });

  it('that is only for one client by its own request lets no other pass by', async () => {
    const { front, cache } = await setting(counting(FRESH));
    const asked = request({}, { host: `127.0.0.1:${front.port}` });
    await ask(front.port, '/', { headers: { 'Cache-Control': 'no-store' } });
    await ask(front.port, '/', { headers: { Authorization: 'x' } });
    expect(cache.passes(asked)).toBeUndefined();
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
