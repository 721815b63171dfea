/** Whatever goes wrong on either side, a request gives back what it took, and the router can close. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../../src/runtime/cache/cache.js';
import { GET, OK, open, SHOP, startOrigin, startRouter, until, webDyno } from './support.js';

const limits = {
  tick: 5,
  firstByte: 40,
  idle: 40,
  bootWait: 40,
  connectBudget: 40,
  quarantine: 5,
  headTimeout: 40,
};

/** What a dyno does with a connection on which a request came. */
const DYNO = {
  answers: OK,
  'answers a page to keep': OK.replace('\r\n\r\n', '\r\nCache-Control: max-age=1\r\n\r\n'),
  'says it will close': OK.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
  'says more than it should': `${OK}more`,
  'stops in its head': 'HTTP/1.1 200 OK\r\nX',
  'stops in its body': OK.slice(0, -1),
  'says nothing': '',
  'says nonsense': 'nonsense\r\n\r\n',
} as const;
const END = ['waits', 'ends', 'resets'] as const;

const CLIENT = {
  asks: GET,
  'asks twice': GET + GET,
  'sends a body': 'POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 2\r\n\r\nok',
  'sends half a body': 'POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 9\r\n\r\nok',
  'sends a bad chunk':
    'POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n',
} as const;
const STAY = ['stays', 'leaves at once', 'leaves at the first byte'] as const;

const names = <T extends object>(of: T) => fc.constantFrom(...(Object.keys(of) as (keyof T)[]));
const round = fc.record({
  dyno: names(DYNO),
  end: fc.constantFrom(...END),
  client: names(CLIENT),
  stay: fc.constantFrom(...STAY),
});

describe('a request', () => {
  it.each(['with', 'without'])('%s a cache gives back what it took', async (cache) => {
    let dyno: { says: string; end: (typeof END)[number] } = { says: OK, end: 'waits' };
    const origin = await startOrigin((socket) => {
      socket.write(dyno.says, 'latin1');
      if (dyno.end === 'ends') socket.end();
      else if (dyno.end === 'resets') socket.resetAndDestroy();
    });
    const running = await startRouter([origin.port], {
      limits,
      app: { features: { 'http-cache': cache === 'with' } },
      cache: new HttpCache(),
    });
    const { router } = running;
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 5 }), async (rounds) => {
        for (const now of rounds) {
          dyno = { says: DYNO[now.dyno], end: now.end };
          const client = await open(running.port, CLIENT[now.client]);
          if (now.stay === 'leaves at the first byte')
            client.socket.once('data', () => client.socket.destroy());
          else if (now.stay === 'leaves at once') client.socket.destroy();
          else await until(() => client.closed || client.received !== '');
          client.socket.end();
        }
        await until(() => router.stats(SHOP.id).open === 0);
        await until(() => router.stats(SHOP.id).dynos.every(({ open: leases }) => leases === 0));
      }),
      { numRuns: 60 },
    );
    await router.close(0);
    await until(() => !origin.open);
  });

  it('to an address that cannot be one is H21, and leaves nothing open', async () => {
    const running = await startRouter([70_000], { limits });
    await open(running.port, GET);
    expect(await running.line()).toContain('code=H21');
    expect(running.router.stats(SHOP.id)).toMatchObject({ open: 0, dynos: [{ open: 0 }] });
  });

  it('that fails inside the router is H99, and the next one is answered', async () => {
    const origin = await startOrigin((socket) => socket.write(OK));
    const cache = new HttpCache();
    const lookup = cache.lookup.bind(cache);
    cache.lookup = () => {
      throw new Error('a fault of ours');
    };
    const running = await startRouter([origin.port], {
      app: { features: { 'http-cache': true } },
      cache,
    });
    const client = await open(running.port, GET);
    expect(await client.receives('</html>')).toMatch(/^HTTP\/1\.1 503 /);
    expect(await running.line()).toContain('code=H99 desc="Platform error" cause="Error: a fault');
    cache.lookup = lookup;
    client.send(GET);
    await client.receives('ok');
    await until(() => running.router.stats(SHOP.id).open === 0);
  });

  it('of an app that was removed meanwhile counts for nobody else', async () => {
    const origin = await startOrigin(() => undefined);
    const running = await startRouter([origin.port]);
    await open(running.port, GET);
    await until(() => origin.received.length === 1);
    running.router.removeApp(SHOP.id);
    running.router.setApp(SHOP);
    await until(() => !origin.open);
    expect(running.router.stats(SHOP.id).open).toBe(0);
  });

  it('that waits for a connection to a dyno which stops goes to another one', async () => {
    const origin = await startOrigin((socket) => socket.write(OK));
    const running = await startRouter([], { app: { webQuantity: 1 } });
    const clients = await Promise.all(Array.from({ length: 50 }, () => open(running.port)));
    running.router.dynoChanged(webDyno(1, origin.port));
    for (const client of clients) client.send(GET);
    await until(() => origin.received.length > 0);
    const next = await startOrigin((socket) => socket.write(OK));
    running.router.dynoChanged(webDyno(2, next.port));
    running.router.dynoChanged({ ...webDyno(1, origin.port), status: { state: 'stopping' } });
    await Promise.all(clients.map((client) => client.receives('ok')));
    expect(running.lines.filter((line) => !line.startsWith('at=info'))).toEqual([]);
  });
});

describe('closing', () => {
  it('ends a fetch that goes on for the cache alone', async () => {
    const origin = await startOrigin((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 9\r\n\r\nnever',
      ),
    );
    const running = await startRouter([origin.port], {
      app: { features: { 'http-cache': true } },
      cache: new HttpCache(),
    });
    const client = await open(running.port, GET);
    await client.receives('never');
    client.socket.destroy();
    await running.line();
    expect(origin.open).toBe(true);
    await running.router.close(0);
    await until(() => !origin.open);
  });
});
