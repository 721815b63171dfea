/** Files that apply themselves: an edit of `.env` or the Procfile is a release, of source a restart. */
import type { Platform } from '../platform/platform.js';
import { type SourceLocation, watchedFiles } from '../platform/source.js';
import { reload } from '../platform/verbs.js';
import { Watcher } from '../platform/watcher.js';

export class LiveFiles {
  private constructor(private readonly watchers: readonly Watcher[]) {}

  /** @param source also restart on changes of the source (`--watch`) */
  static async watch(
    platform: Platform,
    app: string,
    location: SourceLocation,
    source: boolean,
  ): Promise<LiveFiles> {
    const files = watchedFiles(location);
    const settings = await Watcher.files(
      files,
      () => void applyEdit(platform, app),
      (error) => platform.say(app, unwatched('the Procfile and .env', error)),
    );
    if (!source) return new LiveFiles([settings]);
    const folder = await Watcher.folder(
      location.directory,
      files,
      (paths) => void restartFor(platform, app, location.directory, paths),
      (error) => platform.say(app, unwatched('the source', error)),
    );
    return new LiveFiles([settings, folder]);
  }

  async close(): Promise<void> {
    await Promise.all(this.watchers.map((watcher) => watcher.close()));
  }
}

/** inotify(7): ENOSPC and EMFILE are limits of the user, which editors use up as well. */
function unwatched(what: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EMFILE';
  const mend = full
    ? 'the system has no watches left. Close an editor, or raise fs.inotify.max_user_watches and max_user_instances with sysctl.'
    : `${message}.`;
  return `Can't watch ${what} (${code ?? 'error'}): ${mend} The app runs on; edits count from the next start.`;
}

/** A half-written file is no reason to stop anything: the fault is told, and what ran runs on. */
async function applyEdit(platform: Platform, app: string): Promise<void> {
  try {
    await reload(platform, app);
  } catch (error) {
    platform.say(app, `${(error as Error).message} Until then the last release runs on.`);
  }
}

async function restartFor(
  platform: Platform,
  app: string,
  directory: string,
  paths: readonly string[],
): Promise<void> {
  const names = paths.map((path) => path.slice(directory.length + 1));
  const shown =
    names.length > 3
      ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
      : names.join(', ');
  platform.say(app, `Restarting, ${shown} changed`);
  try {
    await platform.engine.restart(platform.manifest(app), {});
  } catch (error) {
    platform.say(app, (error as Error).message);
  }
}
