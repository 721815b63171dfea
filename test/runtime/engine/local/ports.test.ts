import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isFree, nominalPort, Ports } from '../../../../src/runtime/engine/local/ports.js';
import { freePort } from './recorder.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(port: number, host: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => server.listen(port, host, resolve));
}

describe('ports', () => {
  it.each([
    [5006, 0, 1, 5006],
    [5006, 0, 3, 5008],
    [5006, 2, 1, 5206],
    [65_500, 1, 1, 1088],
  ])('%i, type %i, instance %i: %i', (base, index, instance, port) => {
    expect(nominalPort(base, index, instance)).toBe(port);
  });

  it.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('sees a listener on %s', async (host) => {
    const port = await freePort();
    expect(await isFree(port)).toBe(true);
    await listen(port, host);
    expect(await isFree(port)).toBe(false);
  });

  it('leases a port once, skips taken ones and tells them', async () => {
    const port = await freePort();
    await listen(port, '127.0.0.1');
    const ports = new Ports();
    const leases = await Promise.all([ports.lease(port), ports.lease(port), ports.lease(port)]);
    expect(new Set(leases.map((lease) => lease.port)).size).toBe(3);
    expect(leases[0]?.taken).toContain(port);
  });

  it('skips reserved ports without a word', async () => {
    const port = await freePort();
    const lease = await new Ports([port]).lease(port);
    expect(lease.port).toBeGreaterThan(port);
    expect(lease.taken).not.toContain(port);
  });

  it('leases a port again that was released', async () => {
    const port = await freePort();
    const ports = new Ports();
    const first = await ports.lease(port);
    first.release();
    expect((await ports.lease(first.port)).port).toBe(first.port);
  });
});
