import type { RequestListener, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ask, until } from './origin.js';
import { FRESH, setting } from './setting.js';

const HUNDRED = Array.from({ length: 100 }, (_, n) => n);

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
    const held: ServerResponse[] = [];
    const fields = { ...FRESH, ETag: '"a"' };
    const answer: RequestListener = (request, response) => {
      if (request.headers['if-none-match']) held.push(response);
      else response.writeHead(200, fields).end('body');
    };
    const { front, origin, pass } = await setting(answer);
    await ask(front.port, '/');
    pass(61);
    const answers = HUNDRED.map(() => ask(front.port, '/'));
    await until(() => front.received === 101);
    held[0]!.writeHead(304, fields).end();
    for (const { status, body } of await Promise.all(answers)) {
      expect([status, String(body)]).toEqual([200, 'body']);
    }
    expect(origin.requests).toHaveLength(2);
  });

  it('do not share a validation that starts a session', async () => {
    const held: ServerResponse[] = [];
    const fields = { ...FRESH, ETag: '"a"' };
    const { front, origin, pass } = await setting((request, response) => {
      if (!request.headers['if-none-match']) response.writeHead(200, fields).end('body');
      else if (origin.requests.length === 2) held.push(response);
      else response.writeHead(304, fields).end();
    });
    await ask(front.port, '/');
    pass(61);
    const answers = [1, 2, 3].map(() => ask(front.port, '/'));
    await until(() => front.received === 4 && held.length === 1);
    held[0]!.writeHead(304, { ...fields, 'Set-Cookie': 'session=1' }).end();
    const cookies = (await Promise.all(answers)).flatMap(
      ({ headers }) => headers['set-cookie'] ?? [],
    );
    expect(cookies).toEqual(['session=1']);
  });

  it('are each validated when the response wants it for each use', async () => {
    const fields = { 'Cache-Control': 'no-cache', ETag: '"a"' };
    const held: ServerResponse[] = [];
    const { front, origin } = await setting((request, response) => {
      if (!request.headers['if-none-match']) response.writeHead(200, fields).end('body');
      else if (origin.requests.length === 2) held.push(response);
      else response.writeHead(304, fields).end();
    });
    await ask(front.port, '/');
    const answers = [1, 2, 3].map(() => ask(front.port, '/'));
    await until(() => front.received === 4);
    await until(() => held.length === 1);
    held[0]!.writeHead(304, fields).end();
    for (const { body } of await Promise.all(answers)) expect(String(body)).toBe('body');
    expect(origin.requests).toHaveLength(4);
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
