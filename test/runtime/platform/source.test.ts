import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configOrigins, readSource } from '../../../src/runtime/platform/source.js';
import { folderWith } from '../../support/folders.js';

describe('an app’s folder', () => {
  test('gives process types, config and name', () => {
    const directory = folderWith({
      Procfile: 'web: a\n',
      '.env': 'A=1\n',
      'app.json': '{"name": "shop", "env": {"A": "0", "B": "2"}}',
    });
    const source = readSource({ directory });
    expect({ ...source.processTypes }).toEqual({ web: 'a' });
    expect({ ...source.config }).toEqual({ A: '1', B: '2' });
    expect(source.name).toBe('shop');
    expect(source.checkout).toBeUndefined();
  });

  test('later env files win over earlier ones', () => {
    const directory = folderWith({
      Procfile: 'web: a\n',
      'one.env': 'A=1\nB=1\n',
      'two.env': 'B=2\n',
    });
    const { config } = readSource({ directory, envFiles: ['one.env', 'two.env'] });
    expect({ ...config }).toEqual({ A: '1', B: '2' });
  });

  test('without a Procfile, a start script in package.json is web', () => {
    const directory = folderWith({ 'package.json': '{"scripts": {"start": "node ."}}' });
    expect(readSource({ directory }).processTypes).toEqual({ web: 'npm start' });
  });

  test.each<[what: string, files: Record<string, string>, sentence: RegExp]>([
    [
      'nothing to run',
      {},
      /^There is no Procfile in .*Write one with a line such as "web: node server.js"/,
    ],
    [
      'only a Procfile.dev',
      { 'Procfile.dev': 'web: a' },
      /There is a Procfile.dev: run it with -f Procfile.dev\./,
    ],
    ['a package.json without start', { 'package.json': '{}' }, /^There is no Procfile/],
    ['an empty Procfile', { Procfile: '# nothing\n' }, /^Procfile declares no process type/],
  ])('%s is refused with the mend', (_, files, sentence) => {
    expect(() => readSource({ directory: folderWith(files) })).toThrow(sentence);
  });

  test('UTF-16 is refused with the mend', () => {
    const directory = folderWith({ Procfile: 'web: a\n' });
    writeFileSync(join(directory, '.env'), Buffer.from('\ufeffA=1\r\n', 'utf16le'));
    expect(() => readSource({ directory })).toThrow('.env is UTF-16. Save it as UTF-8.');
  });

  test('an env file that was asked for must be there', () => {
    const directory = folderWith({ Procfile: 'web: a\n' });
    expect(() => readSource({ directory, envFiles: ['x.env'] })).toThrow(
      /^There is no env file x\.env\./,
    );
  });

  test('a folder where a file should be is refused with its name', () => {
    const directory = folderWith({ 'Procfile/x': '' });
    expect(() => readSource({ directory })).toThrow(/^Can't read Procfile \(EISDIR\)/);
  });
});

describe('an app’s config', () => {
  test('has every place that sets a key told, the one that counts last', () => {
    const directory = folderWith({ 'app.json': '{"env": {"A": "0"}}', '.env': '# x\nA=1\nA=2\n' });
    expect(configOrigins({ directory }, 'A')).toEqual([
      { key: 'A', value: '0', source: 'app.json' },
      { key: 'A', value: '1', source: '.env', line: 2 },
      { key: 'A', value: '2', source: '.env', line: 3 },
    ]);
  });
});
