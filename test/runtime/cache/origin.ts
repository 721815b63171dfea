/** A small origin for tests: what it answers is a function, what it was asked is kept. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestOrigin {
  readonly port: number;
  /** Every request that came, in order. */
  readonly requests: http.IncomingMessage[];
  close(): Promise<void>;
}

/** Starts an origin on a free port of loopback. */
export async function startOrigin(answer: http.RequestListener): Promise<TestOrigin> {
  const requests: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    // The cache's clock may run ahead in a test: dates are the cache's then.
    response.sendDate = false;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One request on a connection of its own, its answer read to the end. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** `cut`: the connection ended before the body was whole. */
  readonly end: 'whole' | 'cut';
}

export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => {});
      response.on('close', () => {
        const { statusCode: status = 0 } = response;
        const end = response.complete ? 'whole' : 'cut';
        resolve({ status, headers: response.headers, body: Buffer.concat(pieces), end });
      });
    });
    request.end(body);
  });
}

/** Resolves when a condition holds; looks again after each turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
