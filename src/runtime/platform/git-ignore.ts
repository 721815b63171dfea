/**
 * What git ignores (https://git-scm.com/docs/gitignore): every `.gitignore` from the top of the
 * work tree down to the file, `.git/info/exclude`, and the user's own ignore file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';

/** Makes rules of the text of an ignore file. */
export type MakeRules = (text: string) => Ignore;

export class GitIgnore {
  /** The top of the work tree; the folder itself where there is no git. */
  private readonly top: string;
  /** Rules of the folders that were looked at; undefined for one that has none. */
  private readonly rules = new Map<string, Ignore | undefined>();
  /** Those of no folder in particular, which count least. */
  private readonly general: Ignore;

  constructor(
    directory: string,
    private readonly make: MakeRules,
  ) {
    this.top = workTree(directory) ?? directory;
    const files = [join(userFolder(), 'git', 'ignore'), join(this.top, '.git', 'info', 'exclude')];
    this.general = make(files.map(textOf).join('\n'));
  }

  /** True for a file or folder that git would not add. @param path absolute, below the top */
  ignores(path: string): boolean {
    let verdict = verdictOf(this.general, this.top, path) ?? false;
    for (const folder of foldersBetween(this.top, dirname(path))) {
      const rules = this.rulesOf(folder);
      if (rules) verdict = verdictOf(rules, folder, path) ?? verdict;
    }
    return verdict;
  }

  /** An ignore file was changed: it is read again when it is needed. */
  forget(file: string): void {
    this.rules.delete(dirname(file));
  }

  private rulesOf(folder: string): Ignore | undefined {
    if (!this.rules.has(folder)) {
      const text = textOf(join(folder, '.gitignore'));
      this.rules.set(folder, text === '' ? undefined : this.make(text));
    }
    return this.rules.get(folder);
  }
}

/** undefined where the rules say nothing. Whether the path is a folder is not known: both count. */
function verdictOf(rules: Ignore, folder: string, path: string): boolean | undefined {
  const inside = relative(folder, path).split(sep).join('/');
  if (inside === '' || inside.startsWith('..')) return undefined;
  for (const name of [`${inside}/`, inside]) {
    const { ignored, unignored } = rules.test(name);
    if (ignored || unignored) return ignored;
  }
  return undefined;
}

/** The folders from one down to another, both included. */
function foldersBetween(top: string, bottom: string): string[] {
  const folders: string[] = [];
  for (let folder = bottom; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === top || folder === dirname(folder)) return folders;
  }
}

function workTree(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function userFolder(): string {
  return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}

/** Empty where there is no such file, or none that can be read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
