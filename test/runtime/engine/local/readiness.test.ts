import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listeningPorts } from '../../../../src/runtime/engine/local/listening.js';
import { Readiness } from '../../../../src/runtime/engine/local/readiness.js';
import { freePort, manifest, SERVER, startEngine, states } from './recorder.js';

const servers: (Server | HttpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('readiness', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '::1'],
  ])('of a server on %s is seen at %s', async (bound, host) => {
    const port = await freePort();
    const found = new Readiness().ready(port, undefined, new AbortController().signal);
    const server = createTcpServer();
    servers.push(server);
    server.listen(port, bound);
    expect(await found).toEqual({ host, port });
  });

  it('is seen without a connection where the system tells who listens', async () => {
    const port = await freePort();
    let connections = 0;
    const server = createTcpServer(() => {
      connections += 1;
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await new Readiness().ready(port, undefined, new AbortController().signal);
    expect(connections).toBe(listeningPorts() ? 0 : 1);
  });

  it('by a path comes with its first good answer', async () => {
    const port = await freePort();
    const answers = [500, 404, 302];
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/health' ? (answers.shift() ?? 500) : 200;
      response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await new Readiness().ready(port, '/health', new AbortController().signal);
    expect(answers).toEqual([]);
  });

  it('by a path decides when a dyno is up', async () => {
    const web = (readinessPath: string) => manifest({ web: { command: SERVER, readinessPath } });
    const never = await startEngine({ bootTimeout: 700, restartPolicy: 'never' });
    await never.engine.apply(web('/?status=503'));
    await never.recorder.untilLine('Error R10 (Boot timeout)');
    const soon = await startEngine();
    await soon.engine.apply(web('/?status=204'));
    await soon.recorder.until(() => states(soon.engine.dynos()).join() === 'web.1 up');
  });
});
