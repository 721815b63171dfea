import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DrainSender } from '../../../../src/runtime/logplex/drain/sender.js';
import { Authority } from '../../../../src/runtime/router/authority.js';
import { folderWith } from '../../../support/folders.js';

const time = Date.UTC(2026, 7, 4) * 1000;
const line = (text: string) => ({ time, source: 'app', process: 'web.1', text });
const portOf = (server: Server) => (server.address() as AddressInfo).port;

function drainTo(url: string): DrainSender {
  const drain = new DrainSender({ id: 'd1', url, token: 'd.fc6b', createdAt: 0 }, () => undefined);
  onTestFinished(() => drain.close(0));
  return drain;
}

describe('a drain over syslog', () => {
  it('sends the same bytes as Logplex, and finds a receiver that was away', async () => {
    let received = '';
    const server = createServer((socket) => socket.on('data', (chunk) => (received += chunk)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const drain = drainTo(`syslog://127.0.0.1:${portOf(server)}`);
    drain.push(line('hello\nworld'), 2);
    await vi.waitFor(() => expect(received).toContain('world\n'));
    expect(received).toBe(
      '67 <190>1 2026-08-04T00:00:00.000000+00:00 d.fc6b app web.1 - - hello\n' +
        '67 <190>1 2026-08-04T00:00:00.000000+00:00 d.fc6b app web.1 - - world\n',
    );
    await drain.close(100);
  });

  it('with TLS finds a receiver by its address, which is no server name', async () => {
    const authority = await Authority.open(join(folderWith(), 'authority'));
    const names: unknown[] = [];
    let received = '';
    const server = createTlsServer(await authority.certificateFor('127.0.0.1'), (socket) => {
      names.push(socket.servername);
      socket.on('data', (chunk) => (received += chunk));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const drain = drainTo(`syslog+tls://127.0.0.1:${portOf(server)}#insecure`);
    drain.push(line('hello'), 1);
    await vi.waitFor(() => expect(received).toContain('hello\n'));
    expect(names).toEqual([false]);
    await drain.close(100);
  });

  it.skipIf(!installed('rsyslogd'))('is understood by rsyslog', async () => {
    const folder = folderWith();
    const port = await freePort();
    const config = join(folder, 'rsyslog.conf');
    const output = join(folder, 'out.log');
    writeFileSync(
      config,
      `module(load="imtcp")\ninput(type="imtcp" port="${port}" address="127.0.0.1")\n` +
        'template(name="t" type="string" string="%hostname%|%app-name%|%procid%|%pri%|%msg%\\n")\n' +
        `action(type="omfile" file="${output}" template="t")\n`,
    );
    const rsyslog = spawn('rsyslogd', ['-n', '-f', config, '-i', join(folder, 'pid')], {
      stdio: 'ignore',
    });
    onTestFinished(() => void rsyslog.kill());
    const drain = drainTo(`syslog://127.0.0.1:${port}`);
    await vi.waitFor(() => listening(port), { timeout: 10_000 });
    drain.push(line('to rsyslog ☃\nsecond'), 2);
    await vi.waitFor(() => expect(readFileSync(output, 'utf8')).toContain('second'), {
      timeout: 10_000,
    });
    expect(
      readFileSync(output, 'utf8')
        .split('\n')
        .map((text) => text.replace('| ', '|')),
    ).toEqual(['d.fc6b|app|web.1|190|to rsyslog ☃', 'd.fc6b|app|web.1|190|second', '']);
  });
});

function installed(program: string): boolean {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
