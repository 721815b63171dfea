/** What `paas releases` prints. Pure. */
import type { ReleaseJson } from '../runtime/api/representations.js';
import { UsageError } from './failure.js';
import { columns } from './table.js';
import type { Paint } from './terminal.js';
import { ago, stamp } from './time.js';

/** Newest first. @param now ms since the epoch @param width of the terminal */
export function releaseList(
  app: string,
  releases: readonly ReleaseJson[],
  now: number,
  width: number,
  paint: Paint,
): string {
  const current = releases.find((release) => release.current);
  const title = `${app} Releases${current ? ` - Current: v${current.version}` : ''}`;
  const rows = releases.map((release) => {
    const when = width < 80 ? ago(release.created_at, now) : stamp(release.created_at);
    const text = release.description + note(release, paint);
    const version = `v${release.version}`;
    const shown = release.current ? paint.green(version) : version;
    return width < 60 ? [shown, `${text} ${paint.dim(when)}`] : [shown, text, paint.dim(when)];
  });
  return `=== ${paint.bold(title)}\n\n${columns(rows, width)}`;
}

/** What a status means for the reader; nothing when all is well. */
export function note({ status }: Pick<ReleaseJson, 'status'>, paint: Paint): string {
  if (status === 'failed') return ` ${paint.red('release command failed')}`;
  return status === 'pending' ? ` ${paint.yellow('release command executing')}` : '';
}

/** `v3` or `3` as the API takes it. @throws UsageError for anything else */
export function releaseVersion(word: string): string {
  const version = /^v?(\d+)$/.exec(word)?.[1];
  if (version) return version;
  throw new UsageError(
    `"${word}" is no release. Write its version: v3. \`paas releases\` lists them.`,
  );
}
