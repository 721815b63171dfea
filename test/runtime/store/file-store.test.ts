import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileStore } from '../../../src/runtime/store/file-store.js';
import type { StoredApp } from '../../../src/runtime/store/store.js';
import { folderWith } from '../../support/folders.js';

const APP: StoredApp = {
  app: {
    id: '1',
    name: 'shop',
    formation: { web: { quantity: 2, size: 'Standard-1X' } },
    domains: [],
    drains: [],
    features: {},
    maintenance: false,
    createdAt: 1,
    updatedAt: 2,
  },
  releases: [],
  procfile: { web: 'a' },
};

describe('an app is kept in .paas', () => {
  test('and comes back as it was', async () => {
    const folder = join(folderWith(), '.paas');
    await new FileStore(folder).save(APP);
    expect(await new FileStore(folder).load()).toEqual(APP);
  });

  test('is not there before it is first saved', async () => {
    expect(await new FileStore(join(folderWith(), '.paas')).load()).toBeUndefined();
  });

  test('for this user alone, out of git’s sight, with nothing left beside it', async () => {
    const folder = join(folderWith(), '.paas');
    await new FileStore(folder).save(APP);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'state.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'state.json']);
  });

  test.each(['', '{', 'null', '{"format": 99}', '\0\0\0'])(
    'a file that holds %j is told, not overwritten',
    async (text) => {
      const folder = join(folderWith({ '.paas/state.json': text }), '.paas');
      await expect(new FileStore(folder).load()).rejects.toThrow(
        /Move it away to start with a new formation/,
      );
      expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe(text);
    },
  );

  test('where it cannot be written, the sentence says what to do', async () => {
    const file = join(folderWith(), 'file');
    writeFileSync(file, '');
    await expect(new FileStore(join(file, '.paas')).save(APP)).rejects.toThrow(
      /Can't write to .* Make the folder writable/,
    );
  });
});
