import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Watcher } from '../../../src/runtime/platform/watcher.js';
import { folderWith } from '../../support/folders.js';

test('what cannot be watched is told, and ends nothing', async () => {
  const folder = folderWith();
  // Longer than a name may be. Where the system has no watches left it is the same event.
  const path = join(folder, 'x'.repeat(300));
  const error = await new Promise((resolve) => {
    void Watcher.files([path], () => undefined, resolve);
  });
  expect(error).toMatchObject({ code: 'ENAMETOOLONG' });
});
