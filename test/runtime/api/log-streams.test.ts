import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LogStreams } from '../../../src/runtime/api/log-streams.js';
import { Logplex } from '../../../src/runtime/logplex/logplex.js';

const TIME = Date.UTC(2026, 7, 4) * 1000;
const STAMP = '2026-08-04T00:00:00';

let logplex: Logplex;
let streams: LogStreams;
let address: string;

beforeEach(async () => {
  logplex = new Logplex();
  streams = new LogStreams(logplex);
  const server = createServer(async (request, response) => {
    const id = request.url?.split('/').at(-1) ?? '';
    if (!(await streams.stream(id, { request, response }))) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    await logplex.close();
    server.close().closeAllConnections();
  });
});

const publish = (at: number, text: string, process = 'web.1', source = 'app') =>
  logplex.publish({ app: 'a', time: TIME + at, source, process, text });

const session = (tail: boolean, more: Record<string, unknown> = {}, processes: string[] = []) =>
  `${address}${streams.create('a', { lines: 100, tail, processes, more })}`;

const events = { Accept: 'text/event-stream' };

/** Reads until the text is in it. */
async function readTo(response: Response, wanted: string): Promise<string> {
  const parts: string[] = [];
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    parts.push(part);
    if (parts.slice(-2).join('').includes(wanted)) break;
  }
  return parts.join('');
}

describe('a log session', () => {
  it('is plain text, or events where those are asked for, and ends', async () => {
    publish(1, 'one\ntwo');
    const plain = await fetch(session(false));
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await plain.text()).toBe(
      `${STAMP}.000001+00:00 app[web.1]: one\n${STAMP}.000001+00:00 app[web.1]: two\n`,
    );
    const sse = await fetch(session(false), { headers: events });
    expect(sse.headers.get('content-type')).toBe('text/event-stream');
    const id = `id: ${TIME + 1}`;
    expect(await sse.text()).toBe(
      `retry: 10\n\n${id}\ndata: ${STAMP}.000001+00:00 app[web.1]: one\n\n${id}\ndata: ${STAMP}.000001+00:00 app[web.1]: two\n\n`,
    );
  });

  it('takes a carriage return for the end of a line, as readers of events do', async () => {
    publish(1, '10%\r20%\r\nid: 7');
    const sse = await (await fetch(session(false), { headers: events })).text();
    expect(sse.match(/^data: .*$/gm)).toEqual(
      ['10%', '20%', 'id: 7'].map((text) => `data: ${STAMP}.000001+00:00 app[web.1]: ${text}`),
    );
  });

  it('goes on after the last event that was seen', async () => {
    publish(1, 'one');
    const url = session(true);
    expect(await readTo(await fetch(url, { headers: events }), 'one')).toContain('retry: 1000');
    publish(2, 'two');
    const again = await fetch(url, { headers: { ...events, 'Last-Event-ID': `${TIME + 1}` } });
    publish(3, 'three');
    const rest = await readTo(again, 'three');
    expect(rest).toContain('two');
    expect(rest).not.toContain('one');
  });

  it('tells a reader who stopped what it lost, and gives the rest in order', async () => {
    const response = await fetch(session(true));
    const total = 12_000;
    for (let at = 1; at <= total; at += 1) {
      publish(at, `${at} ${'x'.repeat(2_000)}`);
      if (at % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const lines = (await readTo(response, `${total} x`)).split('\n');
    const numbers = lines.flatMap((line) => Number(/: (\d+) x/.exec(line)?.[1] ?? Number.NaN));
    const given = numbers.filter((number) => !Number.isNaN(number));
    const lost = lines.map((line) => Number(/L11 .* dropped (\d+) /.exec(line)?.[1] ?? 0));
    expect(lost.some((count) => count > 0)).toBe(true);
    expect(given.length + lost.reduce((one, other) => one + other, 0)).toBe(total);
    const times = lines.filter((line) => line !== '').map((line) => line.slice(0, 32));
    expect(times).toEqual([...times].sort());
  });

  it('has the lines of several sources, and of several dynos or types', async () => {
    publish(1, 'a', 'web.1');
    publish(2, 'b', 'worker.1');
    publish(3, 'c', 'router', 'heroku');
    publish(4, 'd', 'postgres', 'heroku-postgresql');
    const text = async (url: string) => (await (await fetch(url)).text()).match(/\w$/gm)?.join('');
    expect(await text(session(false, { sources: ['heroku', 'heroku-postgresql'] }))).toBe('cd');
    expect(await text(session(false, {}, ['web', 'worker.1']))).toBe('ab');
  });

  it('of another id there is none', async () => {
    expect((await fetch(`${address}/streams/none`)).status).toBe(404);
  });
});
