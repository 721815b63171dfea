/** Connections of the API beside plain requests, on the socket of a real platform. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../../src/runtime/api/client.js';
import type { AppRecord } from '../../../src/runtime/registry.js';
import { Desk } from '../../support/paas.js';

let desk: Desk;
let record: AppRecord;

beforeAll(async () => {
  desk = Desk.lasting({ Procfile: 'worker: exec cat\nother: sleep 1000\n' });
  await desk.start('--tty', 'worker');
  await desk.paas('wait');
  const registry = desk.environment['PAAS_RUNTIME_DIR'] ?? '';
  const name = readdirSync(registry).find((file) => file.endsWith('.json')) ?? '';
  record = JSON.parse(readFileSync(join(registry, name), 'utf8'));
});
afterAll(() => desk.close());

/** Sends bytes, and reads until the API closes the connection. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(record.socket, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

const request = (line: string, ...headers: string[]) =>
  exchange([line, 'Host: localhost', ...headers, '', ''].join('\r\n'));

test('an upgrade that is asked for in passing is ignored', async () => {
  const answer = await request('GET /apps HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain(`"id":"${record.id}"`);
});

test.each(['//', '/streams/../apps', '/streams/%2e%2e/apps'])(
  'a path is taken as it is written: %s is no part of the API',
  async (path) => {
    const answer = await request(`GET ${path} HTTP/1.1`, 'Connection: close');
    expect(answer).toMatch(/^HTTP\/1\.1 404 .*is not a part of this API/s);
  },
);

test.each([
  ['/nowhere', 404],
  ['/apps/nope/dynos/worker.1/attach', 404],
  ['/apps/APP/dynos/nope.1/attach', 404],
  ['/apps/APP/dynos/other.1/attach', 422],
  ['/apps/APP/dynos/worker.1/attach?columns=0&rows=24', 422],
])(
  'an upgrade of %s is refused with %d, a sentence and a closed connection',
  async (path, status) => {
    const line = `GET ${path.replace('APP', record.id)} HTTP/1.1`;
    const answer = await request(line, 'Connection: Upgrade', 'Upgrade: tcp');
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} .*Connection: close.*"message":"`, 's'),
    );
  },
);

test('what is sent with the request itself is typed, too', async () => {
  const { id } = record;
  const head = `GET /apps/${id}/dynos/worker.1/attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`;
  const shown = await new Promise<string>((resolve, reject) => {
    let answer = '';
    const socket = connect(record.socket, () => socket.write(`${head}early\n`));
    socket.on('error', reject).on('data', (bytes) => {
      answer += bytes;
      // The terminal echoes, and cat answers.
      if (/early.*early/s.test(answer)) {
        socket.destroy();
        resolve(answer);
      }
    });
  });
  expect(shown).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
});

test('a window has a size', async () => {
  const api = new ApiClient(record.socket);
  const path = `/apps/${record.id}/dynos/worker.1/attach`;
  const size = { columns: 90, rows: 30 };
  expect(await api.request('PATCH', path, { body: size })).toEqual(size);
  await expect(api.request('PATCH', path, { body: { columns: 'x' } })).rejects.toMatchObject({
    id: 'invalid_params',
  });
});
