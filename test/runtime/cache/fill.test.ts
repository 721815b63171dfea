import type { RequestListener, ServerResponse } from 'node:http';
import http from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, until } from './origin.js';
import { FRESH, setting } from './setting.js';
import { request } from './values.js';

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
    const report = { entries: 0, reasons: { 'too-large': 1 } };
    await until(() => cache.statistics('app').reasons['too-large'] === 1);
    expect(cache.statistics('app')).toMatchObject(report);
    // Its length was not known before; now it is.
    const asked = request({}, { host: `127.0.0.1:${front.port}` });
    expect(cache.passes(asked)?.(200)).toContain('detail=too-large');
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
