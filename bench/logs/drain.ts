/** What one drain delivers over HTTP to a sink in the same process, on one core. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrainSender } from '../../src/runtime/logplex/drain/sender.js';

export interface DrainResult {
  /** Messages that arrived, a second. */
  readonly messagesPerSecond: number;
  /** Messages that did not arrive. */
  readonly lost: number;
  /** Messages that the drain and the log were told of as lost, which had better be as many. */
  readonly toldToDrain: number;
  readonly toldToLog: number;
}

const MESSAGES = 500_000;
const BLOCK = 500;

/**
 * `paced`: published as fast as the drain's buffer allows; `flood`: as fast as it goes, so that most
 * is lost.
 */
export async function drainThroughput(mode: 'paced' | 'flood'): Promise<DrainResult> {
  let received = 0;
  let toldToDrain = 0;
  let toldToLog = 0;
  const sink = createServer((request, response) => {
    received += Number(request.headers['logplex-msg-count']);
    request.on('data', (chunk: Buffer) => {
      const told = lossIn(chunk);
      if (told === 0) return;
      toldToDrain += told;
      received -= 1;
    });
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
  const drain = new DrainSender({ id: '1', url, token: 'd.1', createdAt: 0 }, (text) => {
    toldToLog += lossIn(Buffer.from(text));
  });
  const text = Array<string>(BLOCK).fill('x'.repeat(100)).join('\n');
  const begun = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += BLOCK) {
    drain.push({ time: Date.now() * 1000, source: 'app', process: 'web.1', text }, BLOCK);
    if (mode === 'flood' && sent % (10 * BLOCK) === 0) await turn();
    while (mode === 'paced' && drain.waiting > BLOCK) await turn();
  }
  await drain.close(10_000);
  const seconds = (performance.now() - begun) / 1000;
  sink.close();
  const lost = MESSAGES - received;
  return { messagesPerSecond: received / seconds, lost, toldToDrain, toldToLog };
}

/** It stands at the head of a frame, and so in the first part of it that is read. */
function lossIn(bytes: Buffer): number {
  const head = bytes.toString('latin1', 0, 200);
  return Number(/Error L10 \(output buffer overflow\): (\d+) /.exec(head)?.[1] ?? 0);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
