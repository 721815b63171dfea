import { describe, expect, it } from 'vitest';
import {
  answering,
  closedPort,
  deafPort,
  GET,
  OK,
  open,
  SHOP,
  startOrigin,
  startRouter,
  until,
  webDyno,
} from './support.js';

/** Short times: what is tested is which one ends a request. */
const limits = {
  tick: 10,
  firstByte: 400,
  idle: 500,
  bootWait: 100,
  connectBudget: 100,
  connectTimeout: 500,
  quarantine: 60,
};

async function askOf(bytes: string, request = GET) {
  const origin = await startOrigin((socket, soFar) => {
    if (soFar.endsWith('\r\n\r\n')) socket.end(bytes, 'latin1');
  });
  const running = await startRouter([origin.port], { limits });
  const client = await open(running.port, request);
  return { line: await running.line(), running, client, origin };
}

describe('without a dyno', () => {
  it('that is wished for, it is H14', async () => {
    const running = await startRouter([], { limits });
    const client = await open(running.port, GET);
    expect(await client.receives('</html>')).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\nContent-Type: text\/html; charset=utf-8\r\nCache-Control: no-cache, no-store\r\n/,
    );
    expect(await running.line()).toMatch(
      /^at=error code=H14 desc="No web processes running" method=GET path="\/" host=shop\.localhost request_id=[0-9a-f-]{36} fwd="127\.0\.0\.1" dyno= connect= service= status=503 bytes=\d+ protocol=http$/,
    );
  });

  it('that has not crashed, it is H10', async () => {
    const running = await startRouter([], { limits, app: { webQuantity: 1 } });
    const status = { state: 'crashed', reason: 'exit', exitStatus: 1 } as const;
    running.router.dynoChanged(webDyno(1, 1, status));
    await open(running.port, GET);
    expect(await running.line()).toContain('at=error code=H10 desc="App crashed"');
  });

  it('that boots in time, it is H20', async () => {
    const running = await startRouter([], { limits, app: { webQuantity: 1 } });
    running.router.dynoChanged(webDyno(1, 1, { state: 'starting' }));
    await open(running.port, GET);
    expect(await running.line()).toContain('code=H20 desc="App boot timeout"');
  });

  it('that is up yet, the request waits for it', async () => {
    const origin = await answering(OK);
    const running = await startRouter([], { app: { webQuantity: 1 } });
    running.router.dynoChanged(webDyno(1, origin.port, { state: 'starting' }));
    const client = await open(running.port, GET);
    await until(() => running.router.stats(SHOP.id).open === 1);
    running.router.dynoChanged(webDyno(1, origin.port));
    await client.receives('ok');
  });

  it('that will ever come, because it was scaled away, a waiting request ends with H14', async () => {
    const running = await startRouter([], { app: { webQuantity: 1 } });
    await open(running.port, GET);
    await until(() => running.router.stats(SHOP.id).open === 1);
    running.router.setApp({ ...SHOP, webQuantity: 0 });
    expect(await running.line()).toContain('code=H14');
  });
});

describe('an app that is not to be asked', () => {
  it('is H80 in maintenance, with its own page if it has one', async () => {
    const app = { maintenance: true, maintenancePageUrl: 'https://example.com/back-soon' };
    const running = await startRouter([1], { app });
    const client = await open(running.port, GET);
    expect(await client.receives('</html>')).toContain(
      '<iframe src="https://example.com/back-soon">',
    );
    expect(await running.line()).toMatch(/^at=info code=H80 desc="Maintenance mode" .* status=503/);
  });

  it('is H81 when nothing was deployed', async () => {
    const running = await startRouter([1], { app: { blank: true } });
    await open(running.port, GET);
    expect(await running.line()).toMatch(/^at=info code=H81 desc="Blank app"/);
  });

  it('is H11 with more than 200 requests per dyno open', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port], { limits: { inFlightPerDyno: 2 } });
    await open(running.port, GET);
    await open(running.port, GET);
    await until(() => running.router.stats(SHOP.id).open === 2);
    await open(running.port, GET);
    expect(await running.line()).toContain('code=H11 desc="Backlog too deep"');
  });
});

describe('a dyno that', () => {
  it('closes without an answer is H13', async () => {
    const { line } = await askOf('');
    expect(line).toMatch(
      /^at=error code=H13 .* dyno=web\.1 connect=\d+ms service=\d+ms status=503/,
    );
  });

  it('closes in its head is H18', async () => {
    expect((await askOf('HTTP/1.1 200 OK\r\nContent-')).line).toMatch(
      /^sock=backend at=error code=H18 /,
    );
  });

  it.each([
    ['counted', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!'],
    ['chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n'],
  ])(
    'closes in its %s body is H18, and the client sees a broken connection',
    async (_name, bytes) => {
      const { line, client } = await askOf(bytes);
      expect(line).toMatch(/^sock=backend at=error code=H18 .* status=503/);
      expect(await client.ends()).not.toMatch(/0\r\n\r\n$/);
    },
  );

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a bad status line', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['a bad field', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n'],
    ['a control character', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'],
    [
      'a 101 that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
  ])('answers with %s is H17', async (_name, bytes) => {
    const { line, client } = await askOf(bytes);
    expect(line).toContain('code=H17 desc="Poorly formatted HTTP response"');
    expect(await client.receives('</html>')).toMatch(/^HTTP\/1\.1 503 /);
  });

  it.each([
    ['invalid content length', 'Content-Length: 1, 2\r\n'],
    ['invalid content length', 'Content-Length: 1\r\nContent-Length: 2\r\n'],
    ['oversized cookie', `Set-Cookie: ${'c'.repeat(8200)}\r\n`],
    ['oversized header', `X: ${'x'.repeat(524_300)}\r\n`],
  ])('breaks the limit "%s" is H25 and 502', async (restriction, field) => {
    const { line } = await askOf(`HTTP/1.1 200 OK\r\n${field}\r\nx`);
    expect(line).toContain(`code=H25 desc="HTTP restriction: ${restriction}"`);
    expect(line).toContain('status=502');
  });

  it('says nothing for too long is H12, and is left', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port], { limits });
    await open(running.port, GET);
    expect(await running.line()).toMatch(/^at=error code=H12 desc="Request timeout" .* status=503/);
    await until(() => !origin.open);
  });

  it('answers just in time is never cut off early', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port], { limits: { tick: 100, firstByte: 100 } });
    for (const wait of [0, 25, 50, 75]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const client = await open(running.port, GET);
      await client.receives('H12');
    }
    await running.line(3);
    for (const line of running.lines)
      expect(Number(/service=(\d+)ms/.exec(line)![1])).toBeGreaterThanOrEqual(99);
  });

  it('stops in its answer is H15', async () => {
    const origin = await startOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!');
    });
    const running = await startRouter([origin.port], { limits });
    const client = await open(running.port, GET);
    await client.ends();
    expect(await running.line()).toContain('code=H15 desc="Idle connection"');
  });

  it('refuses the connection is H21, and is tried again after its quarantine', async () => {
    const running = await startRouter([await closedPort()], { limits });
    await open(running.port, GET);
    expect(await running.line()).toContain('code=H21 desc="Backend connection refused"');
    const origin = await answering(OK);
    running.router.dynoChanged({ ...webDyno(1, origin.port), id: 'other' });
    const client = await open(running.port, GET);
    await client.receives('ok');
  });

  it('does not accept in time is H19', async () => {
    const port = await deafPort();
    const running = await startRouter([port], { limits: { ...limits, connectTimeout: 50 } });
    await open(running.port, GET);
    expect(await running.line()).toMatch(
      /^at=error code=H19 desc="Backend connection timeout" .* dyno=web\.1 connect=\d+ms service= status=503/,
    );
  });

  it('is avoided to the end, with all the others, is H99', async () => {
    const running = await startRouter([await closedPort()], {
      limits: { ...limits, quarantine: 10_000 },
    });
    await open(running.port, GET);
    expect(await running.line()).toContain('code=H21');
    await open(running.port, GET);
    expect(await running.line(1)).toContain('at=error code=H99 desc="Platform error"');
  });
});

describe('the router', () => {
  it('refuses a connection over its limit with H22', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port], { limits: { connections: 2 } });
    const first = await open(running.port, GET);
    await first.receives('ok');
    await open(running.port);
    const third = await open(running.port, GET);
    expect(await third.ends()).toMatch(/^HTTP\/1\.1 503 .*Connection: close\r\n/s);
    expect(await running.line(1)).toContain('at=error code=H22 desc="Connection limit reached"');
    first.received = '';
    first.send(GET);
    await first.receives('ok');
  });

  it('ends what it cannot wait for any longer with H24', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, GET);
    const idle = await open(running.port);
    await until(() => origin.received.length === 1);
    await running.router.close(20);
    expect(await client.ends()).toBe('');
    expect(await idle.ends()).toBe('');
    expect(await running.line()).toContain('at=error code=H24 desc="Forced close"');
    await until(() => !origin.open);
  });
});
