/** A client whose platform goes away in the middle. */
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ApiClient } from '../../../src/runtime/api/client.js';
import { makeFolder, removeFolder } from '../../support/folders.js';

async function clientOf(serve: (socket: Socket) => void): Promise<ApiClient> {
  const folder = makeFolder();
  const server = createServer((socket) => socket.once('data', () => serve(socket)));
  await new Promise<void>((resolve) => server.listen(join(folder, 'api'), resolve));
  onTestFinished(() => {
    server.close();
    removeFolder(folder);
  });
  return new ApiClient(join(folder, 'api'));
}

test.each([
  ['before the answer', (socket: Socket) => socket.destroy()],
  [
    'within the answer',
    (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{');
      socket.end();
    },
  ],
])('a platform that is killed %s has stopped, which is no defect of paas', async (_, serve) => {
  const client = await clientOf(serve);
  await expect(client.request('GET', '/apps')).rejects.toMatchObject({
    id: 'unavailable',
    message: expect.stringContaining('The app stopped while this was asked of it.'),
  });
});
