/** What flows through the router of `paas local start`: bodies, events, WebSockets. */
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Desk, type Platform } from '../support/paas.js';
import { until } from '../support/until.js';

const SERVER = `
const { createHash } = require('crypto');
const http = require('http');
const server = http.createServer((request, response) => {
  if (request.url === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: first\\n\\n');
    server.once('go', () => response.end('data: second\\n\\n'));
  } else if (request.url === '/go') {
    server.emit('go');
    response.end('went');
  } else if (request.url === '/headers') {
    response.end(JSON.stringify(request.headers));
  } else {
    const hash = createHash('sha256');
    request.on('data', (chunk) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')));
  }
});
server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
  socket.write(Buffer.from([0x81, 5, ...Buffer.from('hello')]));
  socket.on('data', () => socket.end()).on('error', () => {});
});
server.listen(process.env.PORT);
`;

async function started(): Promise<Platform> {
  const desk = Desk.with({ Procfile: 'web: node server.js\n', 'server.js': SERVER });
  const platform = await desk.start();
  await until(async () => (await platform.fetch('/headers')).status === 200);
  return platform;
}

test('a large body arrives whole, and the app sees Heroku’s headers', async () => {
  const platform = await started();
  const { createHash } = await import('node:crypto');
  const block = Buffer.alloc(1024 * 1024, 'x');
  const expected = createHash('sha256');
  const answer = await new Promise<string>((resolve, reject) => {
    const upload = request(
      { port: platform.port, host: '127.0.0.1', path: '/up', method: 'POST' },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve(body));
      },
    );
    upload.on('error', reject);
    for (let sent = 0; sent < 20; sent += 1) {
      expected.update(block);
      upload.write(block);
    }
    upload.end();
  });
  expect(answer).toBe(expected.digest('hex'));

  const seen = JSON.parse(
    (await platform.fetch('/headers', { Host: 'shop.test', 'X-Forwarded-For': '1.2.3.4' })).body,
  );
  expect(seen).toMatchObject({
    host: 'shop.test',
    'x-forwarded-for': '1.2.3.4, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(platform.port),
    via: '1.1 heroku-router',
  });
  expect(seen['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number(seen['x-request-start'])).toBeGreaterThan(1.6e12);
});

test('server-sent events pass as they are sent', async () => {
  const platform = await started();
  const events = await new Promise<string[]>((resolve, reject) => {
    const chunks: string[] = [];
    request({ port: platform.port, host: '127.0.0.1', path: '/events' }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        chunks.push(chunk);
        // The second one is sent only once the first one has come through.
        if (chunks.length === 1) void platform.fetch('/go').catch(reject);
      });
      response.on('end', () => resolve(chunks));
    })
      .on('error', reject)
      .end();
  });
  expect(events).toEqual(['data: first\n\n', 'data: second\n\n']);
});

test('a WebSocket opens, speaks and closes, and the log says 101', async () => {
  const platform = await started();
  const socket = new WebSocket(`ws://127.0.0.1:${platform.port}/socket`);
  const message = await new Promise<string>((resolve, reject) => {
    socket.on('message', (data) => resolve(String(data))).on('error', reject);
  });
  expect(message).toBe('hello');
  socket.send('bye');
  await platform.running.says(/router\s+\| at=info method=GET path="\/socket" .* status=101 /);
  socket.terminate();
});
