import { describe, expect, it } from 'vitest';
import { answering, GET, later, OK, open, startOrigin, startRouter, until } from './support.js';

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

describe('a client that', () => {
  it('leaves is H27, and the dyno is left, too', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port]);
    const client = await open(running.port, GET);
    await until(() => origin.received.length === 1);
    client.socket.destroy();
    expect(await running.line()).toMatch(
      /^sock=client at=warning code=H27 desc="Client Request Interrupted" .* status=499/,
    );
    await until(() => !origin.open);
  });

  it('stops in its body is H28', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port], { limits });
    const client = await open(
      running.port,
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 10\r\n\r\nfive!',
    );
    expect(await running.line()).toMatch(
      /^at=warning code=H28 desc="Client Connection Idle" .* status=499/,
    );
    await client.ends();
    await until(() => !origin.open);
  });

  it('stops reading is H28', async () => {
    const origin = await startOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const pour = () => {
        while (socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', pour);
      pour();
    });
    const running = await startRouter([origin.port], { limits });
    const client = await open(running.port);
    client.socket.pause();
    client.send(GET);
    expect(await running.line()).toMatch(
      /^at=warning code=H28 desc="Client Connection Idle" .* status=499/,
    );
    await until(() => !origin.open);
  });

  it('sends to a dyno that takes nothing is not read from, and gets H12', async () => {
    const origin = await startOrigin((socket) => socket.pause());
    const running = await startRouter([origin.port], { limits });
    const client = await open(running.port);
    client.send('POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 100000000\r\n\r\n');
    let sent = 0;
    const pour = () => {
      while (sent < 1500) {
        sent += 1;
        if (!client.socket.write('x'.repeat(65_536))) return;
      }
    };
    client.socket.on('drain', pour);
    pour();
    expect(await client.receives('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /);
    expect(await running.line()).toContain('code=H12');
    expect(sent).toBeLessThan(1500);
  });

  it('sends a malformed chunk gets 400, and the dyno an unfinished body', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port], { limits });
    const client = await open(
      running.port,
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n',
    );
    await until(() => origin.received[0]?.includes('five!'));
    client.send('nonsense\r\n');
    expect(await client.ends()).toMatch(/^HTTP\/1\.1 400 /);
    expect(await running.line()).toContain('code=H26 desc="Request Error" cause="bad chunk"');
    await until(() => !origin.open);
    expect(origin.received[0]).not.toContain('0\r\n\r\n');
  });

  it('is slow with its head, or idle, is closed', async () => {
    const running = await startRouter([], {
      limits: { tick: 10, headTimeout: 50, clientIdle: 50 },
    });
    const slow = await open(running.port, 'GET / HT');
    const idle = await open(running.port);
    expect(await slow.ends()).toBe('');
    expect(await idle.ends()).toBe('');
  });
});

describe('500 clients that drip their heads', () => {
  it('are closed in time, and harm nobody', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port], {
      limits: { tick: 10, headTimeout: 700, clientIdle: 60_000 },
    });
    const slow = await Promise.all(
      Array.from({ length: 500 }, () => open(running.port, 'GET / HTTP/1.1\r\nX-Slow: ')),
    );
    const drip = setInterval(() => {
      for (const client of slow) client.send('a');
    }, 50);
    later(() => clearInterval(drip));
    const good = await open(running.port);
    let answered = 0;
    while (slow.some((client) => !client.closed)) {
      good.received = '';
      good.send(GET);
      await good.receives('ok');
      answered += 1;
    }
    expect(answered).toBeGreaterThan(1);
    expect(slow.every((client) => client.received === '')).toBe(true);
    expect(running.lines.every((line) => line.startsWith('at=info'))).toBe(true);
    expect(good.closed).toBe(false);
  });
});

describe('a flood of endless heads', () => {
  it('is refused before it fills the memory, and a head that comes in parts is not', async () => {
    const origin = await answering(OK);
    const running = await startRouter([origin.port], {
      limits: { heads: 100_000, usualHead: 1000 },
    });
    const flood = await Promise.all(
      Array.from({ length: 20 }, () => open(running.port, 'GET / HTTP/1.1\r\n')),
    );
    for (const client of flood) client.send(`X: ${'a'.repeat(8000)}\r\n`);
    await until(() => running.router.unread.bytes > 90_000);
    for (const client of flood) client.send(`Y: ${'a'.repeat(8000)}\r\n`);
    await until(() => flood.some(({ received }) => received.startsWith('HTTP/1.1 400 ')));
    expect(running.router.unread.bytes).toBeLessThan(120_000);
    const usual = await open(running.port, GET.slice(0, 20));
    await until(() => running.router.unread.bytes > 0);
    usual.send(GET.slice(20));
    await usual.receives('ok');
    for (const client of flood) client.socket.destroy();
    await until(() => running.router.unread.bytes === 0);
  });
});
