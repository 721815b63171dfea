/** Watches files of an app and tells when they have changed, many changes as one. */
import { basename, relative, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Ignore } from 'ignore';
import { STATE_FOLDER } from '../settings.js';
import { GitIgnore } from './git-ignore.js';

/** Editors and `git checkout` write many files, each several times: wait for this many ms of quiet. */
const QUIET = 120;

/** Never source, whether git ignores them or not. */
const NEVER = [
  '.git',
  'node_modules',
  STATE_FOLDER,
  '.hg',
  '.svn',
  '__pycache__',
  '*.log',
  '*.swp',
  '*~',
];

export class Watcher {
  private timer: NodeJS.Timeout | undefined;
  private readonly changed = new Set<string>();

  private constructor(
    private readonly watching: FSWatcher,
    private readonly tell: (paths: readonly string[]) => void,
    fail: (error: unknown) => void,
  ) {
    watching.on('all', (_, path) => this.note(path));
    // One error for each folder may come, where the system has no watches left; without a listener
    // it would end the platform.
    watching.once('error', fail).on('error', () => undefined);
  }

  /**
   * Watches single files, there or not yet.
   * @param tell gets the paths that changed, once they are quiet
   * @param fail gets the first error, after which some changes are not seen
   */
  static async files(
    paths: readonly string[],
    tell: (paths: readonly string[]) => void,
    fail: (error: unknown) => void,
  ): Promise<Watcher> {
    const { watch } = await import('chokidar');
    return new Watcher(watch([...paths], { ignoreInitial: true, ...OPTIONS }), tell, fail);
  }

  /** Watches an app's folder, without what git ignores and the files in `except`. */
  static async folder(
    directory: string,
    except: readonly string[],
    tell: (paths: readonly string[]) => void,
    fail: (error: unknown) => void,
  ): Promise<Watcher> {
    const [{ watch }, { default: ignore }] = await Promise.all([
      import('chokidar'),
      import('ignore'),
    ]);
    const never = ignore().add(NEVER);
    const git = new GitIgnore(directory, (text) => ignore().add(text));
    const ignored = (path: string) =>
      except.includes(path) || isIgnored(never, directory, path) || git.ignores(path);
    const told = (paths: readonly string[]): void => {
      for (const path of paths) if (basename(path) === '.gitignore') git.forget(path);
      tell(paths);
    };
    const watching = watch(directory, { ignoreInitial: true, ignored, ...OPTIONS });
    return new Watcher(watching, told, fail);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.watching.close();
  }

  private note(path: string): void {
    this.changed.add(path);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const paths = [...this.changed];
      this.changed.clear();
      this.tell(paths);
    }, QUIET);
  }
}

/** An editor that saves by renaming is one change, not a removal. */
const OPTIONS = { atomic: true, followSymlinks: false, ignorePermissionErrors: true } as const;

function isIgnored(rules: Ignore, directory: string, path: string): boolean {
  const inside = relative(directory, path).split(sep).join('/');
  return inside !== '' && !inside.startsWith('..') && rules.ignores(inside);
}
