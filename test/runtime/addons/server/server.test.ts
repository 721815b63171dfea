/** Servers of add-ons, with small real programs in their place. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort, isFree } from '../../../../src/runtime/addons/server/ports.js';
import { probe } from '../../../../src/runtime/addons/server/probe.js';
import { Server } from '../../../../src/runtime/addons/server/server.js';
import { until } from '../../../support/until.js';

const SERVER = `
const net = require('net');
console.log('hello from ' + process.pid + ' ' + process.env.MARK);
net.createServer((s) => s.end('ok')).listen(Number(process.argv[1]), '127.0.0.1');
`;

async function serverOf(program: string, options: { stopSignal?: NodeJS.Signals } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'paas-server-'));
  const port = await freePort();
  const lines: string[] = [];
  const guarded = new Set<number>();
  const guard = {
    marks: { MARK: 'marked' },
    add: (group: number) => void guarded.add(group),
    remove: (group: number) => void guarded.delete(group),
  };
  const server = new Server(
    {
      title: 'Echo',
      program: process.execPath,
      args: ['-e', program, String(port)],
      stopSignal: options.stopSignal ?? 'SIGTERM',
      answers: () => probe(port, '127.0.0.1', '', (answer) => answer.includes('ok')),
    },
    { folder, environment: process.env, guard, log: (line) => void lines.push(line) },
  );
  onTestFinished(() => server.stop(AbortSignal.abort()));
  return { server, port, lines, guarded, folder };
}

const pidIn = (line: string | undefined) => Number(/from (\d+)/.exec(line ?? '')?.[1]);

describe('a server', () => {
  test('is up when it answers, is guarded, and is gone when it was stopped', async () => {
    const { server, lines, guarded, port } = await serverOf(SERVER);
    await server.start();
    expect(server.status()).toBe('up');
    await until(() => lines.length > 0);
    expect(lines[0]).toMatch(/^hello from \d+ marked$/);
    expect([...guarded]).toEqual([pidIn(lines[0])]);
    await server.stop();
    expect(guarded.size).toBe(0);
    expect(await isFree(port)).toBe(true);
    expect(server.status()).not.toBe('up');
  });

  test('that ends while it starts is told with its last words', async () => {
    const { server } = await serverOf(`console.error('no disk'); process.exit(3)`);
    await expect(server.start()).rejects.toThrow(
      /Echo ended while it started\. It said: no disk \/ it ended with status 3/,
    );
    expect(server.status()).toMatchObject({ failure: expect.stringContaining('status 3') });
  });

  test('that was killed is started again', async () => {
    const { server, lines } = await serverOf(SERVER);
    await server.start();
    await until(() => lines.length > 0);
    process.kill(pidIn(lines[0]), 'SIGKILL');
    await until(() => lines.filter((line) => line.startsWith('hello')).length === 2);
    await until(() => server.status() === 'up');
    expect(lines.some((line) => line.startsWith('Echo ended with SIGKILL.'))).toBe(true);
  });

  test('that ignores its signal is killed at once when there is no time', async () => {
    const { server } = await serverOf(`process.on('SIGTERM', () => {}); ${SERVER}`);
    await server.start();
    const hurry = new AbortController();
    const stopped = server.stop(hurry.signal);
    hurry.abort();
    await stopped;
    expect(server.status()).not.toBe('up');
  });

  test('that does not exist is told', async () => {
    const { folder } = await serverOf('');
    const missing = new Server(
      {
        title: 'Nothing',
        program: join(folder, 'nothing'),
        args: [],
        stopSignal: 'SIGTERM',
        answers: async () => false,
      },
      {
        folder,
        environment: {},
        guard: { marks: {}, add: () => undefined, remove: () => undefined },
        log: () => undefined,
      },
    );
    await expect(missing.start()).rejects.toThrow('no program of that name');
  });

  test('reads its configuration from its input', async () => {
    const { folder } = await serverOf('');
    const file = join(folder, 'read');
    writeFileSync(join(folder, 'cat.sh'), `cat > ${file}; sleep 100`);
    const server = new Server(
      {
        title: 'Cat',
        program: '/bin/sh',
        args: [join(folder, 'cat.sh')],
        input: 'secret yes\n',
        stopSignal: 'SIGTERM',
        answers: async () => readText(file) === 'secret yes\n',
      },
      {
        folder,
        environment: process.env,
        guard: { marks: {}, add: () => undefined, remove: () => undefined },
        log: () => undefined,
      },
    );
    await server.start();
    await server.stop(AbortSignal.abort());
  });
});

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
