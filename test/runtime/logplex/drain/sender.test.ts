import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HttpTransport } from '../../../../src/runtime/logplex/drain/http.js';
import { DrainSender } from '../../../../src/runtime/logplex/drain/sender.js';
import { Logplex } from '../../../../src/runtime/logplex/logplex.js';
import { folderWith } from '../../../support/folders.js';

const time = Date.UTC(2026, 7, 4) * 1000;
const line = (text: string) => ({ time, source: 'app', process: 'web.1', text });
const drainTo = (url: string) => ({ id: 'd1', url, token: 'd.fc6b', createdAt: 0 });
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A sink that answers with these statuses in turn, then 200; `0` breaks the connection. */
async function sink(
  ...statuses: number[]
): Promise<{ server: Server; posts: Post[]; url: string }> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (statuses[0] === 0) {
        statuses.shift();
        request.destroy();
      }
    });
    request.on('end', () => {
      posts.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { server, posts, url: `http://127.0.0.1:${portOf(server)}/logs` };
}

function sender(url: string): { drain: DrainSender; told: string[] } {
  const told: string[] = [];
  const drain = new DrainSender(drainTo(url), (text) => told.push(text));
  onTestFinished(() => drain.close(0));
  return { drain, told };
}

/** Texts of the messages of a body, each checked to have the length that it says. */
function texts(body: string): string[] {
  const found: string[] = [];
  for (let rest = Buffer.from(body); rest.length > 0; ) {
    const space = rest.indexOf(' ');
    const length = Number(rest.subarray(0, space).toString());
    const frame = rest.subarray(space + 1, space + 1 + length).toString();
    expect(frame).toMatch(/^<\d+>1 \S+ host \S+ \S+ - [^\n]*\n$/);
    found.push(frame.slice(frame.indexOf(' - ') + 3, -1));
    rest = rest.subarray(space + 1 + length);
  }
  return found;
}

describe('a drain over HTTP', () => {
  it('gets frames as Logplex sends them', async () => {
    const { posts, url } = await sink();
    const { drain } = sender(url.replace('//', '//user:secret@'));
    drain.push(line('a\nnaïve ☃'), 2);
    await vi.waitFor(() => expect(posts).toHaveLength(1));
    expect(posts[0]?.headers).toMatchObject({
      'content-type': 'application/logplex-1',
      'logplex-msg-count': '2',
      'logplex-drain-token': 'd.fc6b',
      'logplex-frame-id': expect.stringMatching(/^[0-9A-F]{32}$/),
      'content-length': String(Buffer.byteLength(posts[0]?.body ?? '')),
      authorization: `Basic ${Buffer.from('user:secret').toString('base64')}`,
    });
    expect(texts(posts[0]?.body ?? '')).toEqual(['a', 'naïve ☃']);
  });

  it.each([
    [500, 503],
    [429, 429],
    [0, 0],
  ])('tries again after %i, with the same frame id', async (...statuses) => {
    const { posts, url } = await sink(...statuses);
    const { drain, told } = sender(url);
    drain.push(line('a'), 1);
    const expected = statuses.filter((status) => status !== 0).length + 1;
    await vi.waitFor(() => expect(posts).toHaveLength(expected));
    expect(new Set(posts.map(({ headers }) => headers['logplex-frame-id'])).size).toBe(1);
    await drain.close(1_000);
    expect(told).toEqual([]);
  });

  it.each([
    [[400], 1],
    [[500, 500, 500], 3],
  ] as const)('gives a frame up after %j and tells the loss', async (statuses, tries) => {
    const { posts, url } = await sink(...statuses);
    const { drain, told } = sender(url);
    drain.push(line('a\nb'), 2);
    await vi.waitFor(() => expect(posts).toHaveLength(tries));
    drain.push(line('c'), 1);
    await vi.waitFor(() => expect(posts).toHaveLength(tries + 1));
    const [loss, ...rest] = texts(posts.at(-1)?.body ?? '');
    expect(loss).toMatch(/^Error L10 \(output buffer overflow\): 2 messages dropped since \S+\.$/);
    expect(rest).toEqual(['c']);
    await drain.close(1_000);
    expect(told).toEqual([
      expect.stringMatching(/: 2 messages dropped since \S+\. drain=d\.fc6b$/),
    ]);
  });

  it('fails when the sink hangs', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    const url = new URL(`http://127.0.0.1:${portOf(server)}`);
    const transport = new HttpTransport(url, 'd.1', 'verified', { connect: 1_000, request: 50 });
    expect(await transport.send({ id: '0', bytes: Buffer.from('x'), messages: 1 })).toBe('failed');
    transport.close();
  });

  it('waits for a sink that is away, and loses nothing that its buffer holds', async () => {
    const { server, url } = await sink();
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { drain, told } = sender(url);
    const sent = Array.from({ length: 1_000 }, (_, at) => `number ${at}`);
    for (const text of sent) drain.push(line(text), 1);
    const received: string[] = [];
    const later = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        received.push(...texts(body));
        response.end();
      });
    });
    await vi.waitFor(() => expect(drain.waiting).toBeLessThan(1_000));
    await new Promise<void>((resolve) => later.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void later.close().closeAllConnections());
    await vi.waitFor(() => expect(received).toEqual(sent), { timeout: 20_000 });
    expect(told).toEqual([]);
  });

  it('delivers or counts each message, exactly, when more comes than it can take', async () => {
    const { posts, url } = await sink();
    const { drain, told } = sender(url);
    for (let at = 0; at < 30_000; at += 100) {
      drain.push(line(Array.from({ length: 100 }, (_, one) => `${at + one}`).join('\n')), 100);
      if (at % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await drain.close(10_000);
    const lostIn = (all: readonly string[]) =>
      all.reduce((sum, text) => sum + Number(/L10 .*: (\d+) messages/.exec(text)?.[1] ?? 0), 0);
    const received = posts.flatMap(({ body }) => texts(body));
    const numbers = received.filter((text) => /^\d+$/.test(text)).map(Number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    expect(lostIn(received)).toBeGreaterThan(0);
    expect(numbers.length + lostIn(received)).toBe(30_000);
    expect(numbers.length + lostIn(told)).toBe(30_000);
  });

  it('keeps 1,024 messages for a dead sink, and every loss is counted once', async () => {
    const { server, url } = await sink();
    server.close();
    const { drain, told } = sender(url);
    for (let at = 0; at < 100; at += 1) drain.push(line(Array(50).fill('x').join('\n')), 50);
    await drain.close(0);
    const lost = told.map((text) => Number(/: (\d+) messages/.exec(text)?.[1]));
    expect(lost.reduce((one, other) => one + other, 0)).toBe(5_000);
  });

  it('takes 50,000 messages without loss when they come no faster than its buffer allows', async () => {
    const { posts, url } = await sink();
    const { drain, told } = sender(url);
    const block = Array.from({ length: 500 }, (_, at) => `${at} ${'x'.repeat(90)}`).join('\n');
    for (let sent = 0; sent < 50_000; sent += 500) {
      drain.push(line(block), 500);
      await vi.waitFor(() => expect(drain.waiting).toBeLessThan(500), {
        interval: 1,
        timeout: 10_000,
      });
    }
    await drain.close(5_000);
    expect(told).toEqual([]);
    const received = posts.reduce(
      (sum, { headers }) => sum + Number(headers['logplex-msg-count']),
      0,
    );
    expect(received).toBe(50_000);
  });
});

describe('the drains of an app', () => {
  it('go into a file as lines that grep finds, and end when they are removed', async () => {
    const file = join(folderWith(), 'drain.log');
    const logplex = new Logplex();
    const publish = (text: string) => logplex.publish({ app: 'a1', ...line(text) });
    logplex.setDrains('a1', [drainTo(`file://${file}`)]);
    publish('one\ntwo');
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('two'));
    logplex.setDrains('a1', []);
    publish('three');
    await logplex.close();
    expect(readFileSync(file, 'utf8')).toBe(
      '2026-08-04T00:00:00.000000+00:00 app[web.1]: one\n2026-08-04T00:00:00.000000+00:00 app[web.1]: two\n',
    );
  });

  it('into what is no file, or a full one, hold nobody up', async () => {
    const pipe = join(folderWith(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/full', '/nowhere/drain.log']) {
      const { drain, told } = sender(`file://${path}`);
      drain.push(line('a'), 1);
      await drain.close(100);
      expect(told).toEqual([expect.stringContaining('1 messages dropped')]);
    }
  });

  it('tell what they lost to the app’s log, and not to the drains', async () => {
    const { server, url } = await sink();
    server.close();
    const logplex = new Logplex();
    logplex.setDrains('a1', [drainTo(url)]);
    const tail = logplex.tail('a1', {}, { lines: 0 });
    logplex.publish({ app: 'a1', ...line('lost') });
    await logplex.close();
    const heard: string[] = [];
    for await (const { text } of tail) heard.push(text);
    expect(heard[0]).toBe('lost');
    expect(heard[1]).toMatch(
      /^Error L10 \(output buffer overflow\): 1 messages dropped since \S+\. drain=d\.fc6b$/,
    );
    expect(heard).toHaveLength(2);
  });
});
