/** Messages per second that one drain delivers over HTTP to a sink in the same process, on one core. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrainSender } from '../../src/runtime/logplex/drain/sender.js';

export interface DrainResult {
  readonly messagesPerSecond: number;
  readonly lost: number;
}

const MESSAGES = 500_000;
const BLOCK = 500;

/** Publishes as fast as the drain's buffer allows, and counts what arrives. */
export async function drainThroughput(): Promise<DrainResult> {
  let received = 0;
  const sink = createServer((request, response) => {
    received += Number(request.headers['logplex-msg-count']);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
  const drain = new DrainSender({ id: '1', url, token: 'd.1', createdAt: 0 }, () => undefined);
  const text = Array<string>(BLOCK).fill('x'.repeat(100)).join('\n');
  const begun = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += BLOCK) {
    drain.push({ time: Date.now() * 1000, source: 'app', process: 'web.1', text }, BLOCK);
    while (drain.waiting > BLOCK) await new Promise((resolve) => setImmediate(resolve));
  }
  await drain.close(10_000);
  const seconds = (performance.now() - begun) / 1000;
  sink.close();
  return { messagesPerSecond: received / seconds, lost: MESSAGES - received };
}
