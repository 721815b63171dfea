/**
 * What git has checked out in an app's folder. Its files are read as they are: asking git would cost
 * more than the rest of a start (https://git-scm.com/docs/gitrepository-layout).
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A commit, and where it is. */
export interface Checkout {
  /** First 8 digits. */
  readonly commit?: string;
  /** Undefined when HEAD is detached. */
  readonly branch?: string;
  /** Name of the main work tree's folder, where this one was added by `git worktree add`. */
  readonly worktreeOf?: string;
  /** That folder. */
  readonly mainTree?: string;
}

/** @returns undefined where the folder is no work tree of git */
export function readCheckout(directory: string): Checkout | undefined {
  const folders = gitFolders(directory);
  if (!folders) return undefined;
  const head = read(join(folders.own, 'HEAD'));
  if (head === undefined) return undefined;
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  const commit = ref === undefined ? head : commitOf(folders.shared, ref);
  const branch = ref?.replace(/^refs\/heads\//, '');
  return {
    ...(commit && /^[0-9a-f]{40,64}$/.test(commit) ? { commit: commit.slice(0, 8) } : {}),
    ...(branch ? { branch } : {}),
    ...(folders.own === folders.shared ? {} : mainTree(dirname(folders.shared))),
  };
}

function mainTree(folder: string) {
  return { worktreeOf: basename(folder), mainTree: folder };
}

/** `.git` is a folder, or in an added work tree a file that names one inside the main `.git`. */
function gitFolders(directory: string): { own: string; shared: string } | undefined {
  const git = join(directory, '.git');
  const pointer = read(git);
  if (pointer === undefined) return { own: git, shared: git };
  const target = /^gitdir: (.+)$/.exec(pointer)?.[1];
  if (target === undefined) return undefined;
  const own = resolve(directory, target);
  const shared = read(join(own, 'commondir'));
  return { own, shared: shared === undefined ? own : resolve(own, shared) };
}

function commitOf(shared: string, ref: string): string | undefined {
  return (
    read(join(shared, ref)) ??
    read(join(shared, 'packed-refs'))
      ?.split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0]
  );
}

/** The text of a small file; undefined where there is none. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // no git here, or a layout of its own: an app can do without
  }
}
