/** A plain proxy around the cache, for tests and benchmarks: node:http in front, node:http to the origin. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  CacheRequest,
  CacheVerdict,
  FetchPurpose,
  HttpCache,
  OriginResponse,
  RawHeaders,
  Reply,
} from '../../../src/runtime/cache/cache.js';
import { keepFields, lines, listMembers } from '../../../src/runtime/cache/fields.js';

/** Fields of one connection that a proxy does not pass on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
]);

export interface Front {
  readonly port: number;
  /** One per request that was answered, in order. */
  readonly verdicts: CacheVerdict[];
  /** How many requests have come. */
  readonly received: number;
  close(): Promise<void>;
}

export interface FrontOptions {
  readonly cache: HttpCache;
  /** Port of the origin on loopback; asked for each fetch, so that a test may move it. */
  readonly origin: () => number;
  /** Port to listen on; any free one unless given. */
  readonly port?: number;
}

/** Starts the proxy on loopback. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const verdicts: CacheVerdict[] = [];
  let received = 0;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    received += 1;
    const asked: CacheRequest = {
      app: 'app',
      method: request.method!,
      scheme: 'http',
      host: request.headers.host ?? '',
      path: request.url!,
      headers: request.rawHeaders,
    };
    const hit = options.cache.lookup(asked);
    if (hit !== undefined) {
      verdicts.push(hit.verdict);
      response.writeHead(hit.status, hit.headers);
      for (const piece of hit.body) response.write(piece);
      response.end();
      return;
    }
    const forward = (headers: RawHeaders, purpose: FetchPurpose) =>
      fetchFrom(agent, options.origin(), asked, headers, purpose, request, response);
    options.cache.handle(asked, forward, replyOn(response)).then(
      (verdict) => verdicts.push(verdict),
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    verdicts,
    get received() {
      return received;
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function replyOn(response: http.ServerResponse): Reply {
  return {
    get gone() {
      return response.destroyed || response.socket === null;
    },
    head: (status, headers) => void response.writeHead(status, [...headers]).flushHeaders(),
    write: (piece) => {
      if (response.write(piece)) return undefined;
      return new Promise<void>((resolve) => {
        const go = () => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.once('drain', go).once('close', go);
      });
    },
    end: (trailers) => {
      if (trailers !== undefined && trailers.length > 0) {
        const pairs: [string, string][] = [];
        for (let at = 0; at < trailers.length; at += 2)
          pairs.push([trailers[at]!, trailers[at + 1]!]);
        response.addTrailers(pairs);
      }
      response.end();
    },
    abort: () => void response.destroy(),
  };
}

function fetchFrom(
  agent: http.Agent,
  port: number,
  asked: CacheRequest,
  headers: RawHeaders,
  purpose: FetchPurpose,
  client: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<OriginResponse> {
  const sent = keepFields(headers, (name) => !HOP_BY_HOP.has(name));
  if (client.headers['transfer-encoding']) sent.push('Transfer-Encoding', 'chunked');
  return new Promise((resolve) => {
    const request = http.request({
      agent,
      host: '127.0.0.1',
      port,
      method: asked.method,
      path: asked.path,
      headers: sent as unknown as http.OutgoingHttpHeaders,
      setHost: false,
    });
    request.on('information', (interim) => {
      if (purpose === 'refresh') return;
      if (interim.statusCode === 102) response.writeProcessing();
      if (interim.statusCode === 103) response.writeEarlyHints(interim.headers as never);
    });
    request.on('response', (message) => resolve(fromDyno(message)));
    request.on('error', () => resolve(routerError()));
    if (purpose === 'refresh') request.end();
    else client.pipe(request);
  });
}

function fromDyno(message: http.IncomingMessage): OriginResponse {
  const named = listMembers(lines(message.rawHeaders, 'connection'));
  const headers = keepFields(message.rawHeaders, (name) => {
    return !HOP_BY_HOP.has(name) && !named.includes(name);
  });
  return {
    status: message.statusCode!,
    headers,
    body: message,
    from: 'dyno',
    trailers: () => message.rawTrailers,
  };
}

function routerError(): OriginResponse {
  const headers = ['Content-Type', 'text/plain', 'Content-Length', '10'];
  const body = (async function* () {
    yield Buffer.from('no dyno up');
  })();
  return { status: 503, headers, body, from: 'router' };
}
