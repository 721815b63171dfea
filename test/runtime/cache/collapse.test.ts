import type { RequestListener, ServerResponse } from 'node:http';
import http from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type CacheOptions, HttpCache } from '../../../src/runtime/cache/cache.js';
import { type Front, startFront } from './front.js';
import { ask, startOrigin, type TestOrigin, until } from './origin.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const FRESH = { 'Cache-Control': 'max-age=60' };
const HUNDRED = Array.from({ length: 100 }, (_, n) => n);

interface Setting {
  readonly front: Front;
  readonly origin: TestOrigin;
  readonly cache: HttpCache;
}

async function setting(answer: RequestListener, options: CacheOptions = {}): Promise<Setting> {
  const cache = new HttpCache(options);
  const origin = await startOrigin(answer);
  const front = await startFront({ cache, origin: () => origin.port });
  open.push(front, origin);
  return { front, origin, cache };
}

describe('simultaneous requests for the same', () => {
  it('reach the origin once, and all get the whole body', async () => {
    const held: ServerResponse[] = [];
    const { front, origin } = await setting((_, response) => void held.push(response));
    const answers = HUNDRED.map(() => ask(front.port, '/'));
    await until(() => front.received === 100);
    held[0]!.writeHead(200, FRESH);
    held[0]!.write('first ');
    await new Promise((resolve) => setImmediate(resolve));
    held[0]!.end('second');
    const bodies = await Promise.all(answers);
    expect(new Set(bodies.map(({ body }) => String(body)))).toEqual(new Set(['first second']));
    expect(origin.requests).toHaveLength(1);
    const collapsed = bodies.filter(({ headers }) =>
      String(headers['cache-status']).includes('; collapsed'),
    );
    expect(collapsed).toHaveLength(99);
  });

  it('each reach the origin when the answer is only for one', async () => {
    const held: ServerResponse[] = [];
    const { front, origin } = await setting((_, response) => {
      if (origin.requests.length === 1) held.push(response);
      else response.writeHead(200, { 'Cache-Control': 'private' }).end('own');
    });
    const answers = HUNDRED.map(() => ask(front.port, '/'));
    await until(() => front.received === 100);
    held[0]!.writeHead(200, { 'Cache-Control': 'private' }).end('own');
    await Promise.all(answers);
    expect(origin.requests).toHaveLength(100);
  });

  it('do not queue up behind one another once an answer was only for one', async () => {
    const held: ServerResponse[] = [];
    const { front, origin } = await setting((_, response) => {
      if (origin.requests.length === 1)
        response.writeHead(200, { 'Cache-Control': 'private' }).end();
      else held.push(response);
    });
    await ask(front.port, '/');
    const answers = [1, 2, 3].map(() => ask(front.port, '/'));
    await until(() => held.length === 3);
    for (const response of held) response.end();
    await Promise.all(answers);
  });

  it('reach the origin once for each variant', async () => {
    const { front, origin } = await setting((request, response) => {
      setImmediate(() =>
        response.writeHead(200, { ...FRESH, Vary: 'X' }).end(String(request.headers['x'])),
      );
    });
    await ask(front.port, '/', { headers: { X: '9' } });
    const answers = await Promise.all(
      HUNDRED.map((n) => ask(front.port, '/', { headers: { X: String(n % 4) } })),
    );
    expect(answers.map(({ body }) => String(body))).toEqual(HUNDRED.map((n) => String(n % 4)));
    expect(origin.requests).toHaveLength(5);
  });

  it('are validated once', async () => {
    let now = Date.now();
    const held: ServerResponse[] = [];
    const fields = { ...FRESH, ETag: '"a"' };
    const answer: RequestListener = (request, response) => {
      if (request.headers['if-none-match']) held.push(response);
      else response.writeHead(200, fields).end('body');
    };
    const { front, origin } = await setting(answer, { now: () => now });
    await ask(front.port, '/');
    now += 61_000;
    const answers = HUNDRED.map(() => ask(front.port, '/'));
    await until(() => front.received === 101);
    held[0]!.writeHead(304, fields).end();
    for (const { status, body } of await Promise.all(answers)) {
      expect([status, String(body)]).toEqual([200, 'body']);
    }
    expect(origin.requests).toHaveLength(2);
  });

  it('fail together when nobody answers, and the next request asks again', async () => {
    const { front, origin } = await setting((request, response) => {
      if (origin.requests.length <= 3) request.socket.destroy();
      else response.writeHead(200, FRESH).end('back');
    });
    const failed = await Promise.all([1, 2, 3].map(() => ask(front.port, '/')));
    expect(failed.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(String((await ask(front.port, '/')).body)).toBe('back');
  });
});

describe('a body that comes in', () => {
  it('is cut for everybody and not stored when it breaks off', async () => {
    const held: ServerResponse[] = [];
    const { front, origin, cache } = await setting((_, response) => {
      if (origin.requests.length > 1) return void response.writeHead(200, FRESH).end('whole');
      response.writeHead(200, FRESH).write('half');
      held.push(response);
    });
    const answers = [1, 2].map(() => ask(front.port, '/'));
    await until(() => front.received === 2 && held.length === 1);
    held[0]!.destroy();
    for (const { end } of await Promise.all(answers)) expect(end).toBe('cut');
    expect(cache.statistics('app').entries).toBe(0);
    expect(String((await ask(front.port, '/')).body)).toBe('whole');
  });

  it('is stored though its client has left', async () => {
    const held: ServerResponse[] = [];
    const { front, origin, cache } = await setting((_, response) => {
      response.writeHead(200, FRESH).write('first ');
      held.push(response);
    });
    const client = http.get({ host: '127.0.0.1', port: front.port, agent: false });
    client.on('error', () => {});
    await until(() => held.length === 1);
    client.destroy();
    held[0]!.end('second');
    await until(() => cache.statistics('app').entries === 1);
    expect(String((await ask(front.port, '/')).body)).toBe('first second');
    expect(origin.requests).toHaveLength(1);
  });

  it('is not stored when its URI was made invalid meanwhile', async () => {
    const held: ServerResponse[] = [];
    const { front, origin, cache } = await setting((request, response) => {
      if (request.method === 'POST') return void response.end('done');
      response.writeHead(200, FRESH).write('old');
      held.push(response);
    });
    const answer = ask(front.port, '/');
    await until(() => held.length === 1);
    await ask(front.port, '/', { method: 'POST', body: 'x' });
    held[0]!.end();
    await answer;
    expect(cache.statistics('app').entries).toBe(0);
    const next = ask(front.port, '/');
    await until(() => held.length === 2);
    held[1]!.end();
    await next;
    expect(origin.requests).toHaveLength(3);
  });

  it('streams past when it is too large to keep, at the pace of its reader', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const answer: RequestListener = (_, response) => {
      response.writeHead(200, FRESH);
      const more = () => {
        while (sent < 400) {
          sent += 1;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const { front, cache } = await setting(answer, { maxBytes: 1024 * 1024 });
    const large = await ask(front.port, '/');
    expect([large.end, large.body.length]).toEqual(['whole', 400 * piece.length]);
    expect(cache.statistics('app').entries).toBe(0);
  });

  it('is let go by the origin when it is too large and its only client has left', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    let closed = false;
    const answer: RequestListener = (_, response) => {
      response.writeHead(200, FRESH);
      const more = () =>
        void (response.destroyed || response.write(piece, () => setImmediate(more)));
      response.on('close', () => {
        closed = true;
      });
      more();
    };
    const { front } = await setting(answer, { maxBytes: 1024 * 1024 });
    const client = http.get({ host: '127.0.0.1', port: front.port, agent: false }, (response) => {
      response.on('error', () => {});
      let read = 0;
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > 2 * 1024 * 1024) client.destroy();
      });
    });
    client.on('error', () => {});
    await until(() => closed);
  });

  it('is stored and served byte for byte, however it is cut', async () => {
    const bodies = new Map<string, Uint8Array[]>();
    const { front, origin } = await setting(async (request, response) => {
      response.writeHead(200, FRESH);
      for (const piece of bodies.get(request.url!)!) {
        response.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), { maxLength: 5 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const path = `/${count++}`;
        bodies.set(path, given);
        const asked = origin.requests.length;
        const [first, second] = [await ask(front.port, path), await ask(front.port, path)];
        expect(first.body).toEqual(Buffer.concat(given));
        expect(second.body).toEqual(first.body);
        expect(origin.requests).toHaveLength(asked + 1);
      }),
      { numRuns: 30 },
    );
  });
});
