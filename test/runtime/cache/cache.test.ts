import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ask } from './origin.js';
import { cacheStatus, counting, FRESH, setting } from './setting.js';
import { date } from './values.js';

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
