import { chmodSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeConfig } from '../../../src/runtime/platform/config-files.js';
import { folderWith } from '../../support/folders.js';

describe('config vars are written', () => {
  test('where the key stands, else to the last file; removed from all', () => {
    const directory = folderWith({ 'one.env': 'A=1\nX=1\n', 'two.env': 'B=2\nX=2\n' });
    writeConfig(
      { directory, envFiles: ['one.env', 'two.env'] },
      { A: '9', B: '9', C: '9', X: null },
    );
    expect(readFileSync(join(directory, 'one.env'), 'utf8')).toBe('A=9\n');
    expect(readFileSync(join(directory, 'two.env'), 'utf8')).toBe('B=9\nA=9\nC=9\n');
  });

  test('into a .env that is made when it is missing', () => {
    const directory = folderWith();
    writeConfig({ directory }, { A: '1' });
    expect(readFileSync(join(directory, '.env'), 'utf8')).toBe('A=1\n');
  });

  test('in place: the mode stays, and a link stays a link', () => {
    const directory = folderWith({ 'real.env': '# mine\nA=long value\n' });
    chmodSync(join(directory, 'real.env'), 0o640);
    symlinkSync('real.env', join(directory, '.env'));
    writeConfig({ directory }, { A: '1' });
    expect(readlinkSync(join(directory, '.env'))).toBe('real.env');
    expect(readFileSync(join(directory, 'real.env'), 'utf8')).toBe('# mine\nA=1\n');
    expect(statSync(join(directory, 'real.env')).mode & 0o777).toBe(0o640);
  });

  test('for this user alone, where the file is new', () => {
    const directory = folderWith();
    writeConfig({ directory }, { SECRET: '1' });
    expect(statSync(join(directory, '.env')).mode & 0o777).toBe(0o600);
  });

  test('and taken back byte for byte, in every file', () => {
    const before = { 'one.env': 'A=1\r\n# \u00fc', 'two.env': 'B=2\n' };
    const directory = folderWith(before);
    const location = { directory, envFiles: ['one.env', 'two.env'] };
    writeConfig(location, { A: 'a much longer value', B: null, C: '3' })();
    for (const [name, text] of Object.entries(before)) {
      expect(readFileSync(join(directory, name), 'utf8')).toBe(text);
    }
  });

  test('and a file that was made for it is gone after it was taken back', () => {
    const directory = folderWith();
    writeConfig({ directory }, { A: '1' })();
    expect(() => statSync(join(directory, '.env'))).toThrow('ENOENT');
  });
});
