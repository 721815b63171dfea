import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCheckout } from '../../../src/runtime/platform/checkout.js';
import { readSource, worktreeHost } from '../../../src/runtime/platform/source.js';
import { folderWith } from '../../support/folders.js';

const hasGit = spawnSync('git', ['--version']).status === 0;

function git(directory: string, ...words: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  const { stdout, stderr, status } = spawnSync('git', [...identity, ...words], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

describe.runIf(hasGit)('a git work tree', () => {
  function repository(): { main: string; commit: string } {
    const main = join(folderWith({ 'shop/Procfile': 'web: a\n' }), 'shop');
    git(main, 'init', '-q', '-b', 'trunk');
    git(main, 'add', '.');
    git(main, 'commit', '-q', '-m', 'one');
    return { main, commit: git(main, 'rev-parse', 'HEAD').slice(0, 8) };
  }

  test('tells its commit and branch', () => {
    const { main, commit } = repository();
    expect(readCheckout(main)).toEqual({ commit, branch: 'trunk' });
  });

  test('tells them when its refs are packed, and the commit when HEAD is detached', () => {
    const { main, commit } = repository();
    git(main, 'pack-refs', '--all');
    expect(readCheckout(main)).toEqual({ commit, branch: 'trunk' });
    git(main, 'checkout', '-q', '--detach');
    expect(readCheckout(main)).toEqual({ commit });
  });

  test('that was added is an app of its own, with a host of its own', () => {
    const { main, commit } = repository();
    const added = join(main, '..', 'elsewhere');
    git(main, 'worktree', 'add', '-q', '-b', 'fix/login', added);
    expect(readCheckout(added)).toEqual({
      commit,
      branch: 'fix/login',
      worktreeOf: 'shop',
      mainTree: main,
    });
    const source = readSource({ directory: added });
    expect(source.name).toBe('shop-fix/login');
    expect(worktreeHost(source)).toBe('fix-login.shop.localhost');
    expect(worktreeHost(readSource({ directory: main }))).toBeUndefined();
  });

  test('with no commit yet tells its branch', () => {
    const folder = folderWith({ Procfile: 'web: a\n' });
    git(folder, 'init', '-q', '-b', 'trunk');
    expect(readCheckout(folder)).toEqual({ branch: 'trunk' });
  });
});

test('a folder without git, or with a .git that is none, tells nothing', () => {
  expect(readCheckout(folderWith())).toBeUndefined();
  expect(readCheckout(folderWith({ '.git': 'nonsense' }))).toBeUndefined();
});
