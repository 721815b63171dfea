/** Opening a URL with what the system opens URLs with. */
import { once } from 'node:events';
import { PlatformError } from '../runtime/errors.js';

/**
 * @param url passed as one argument, never through a shell
 * @throws PlatformError unavailable where there is no browser to open it with
 */
export async function openInBrowser(url: string): Promise<void> {
  const { execa } = await import('execa');
  const [program, ...args] = opener(process.platform, process.env['BROWSER']);
  // It outlives us: `open` ends at once, a browser in $BROWSER may not.
  const opened = execa(program, [...args, url], {
    stdio: 'ignore',
    detached: true,
    cleanup: false,
  });
  opened.unref();
  await Promise.race([once(opened, 'spawn'), opened]).catch(() => {
    throw new PlatformError(
      'unavailable',
      `Couldn't start ${program} for a browser. Open ${url} yourself.`,
    );
  });
}

/** The program and its first arguments. Pure. */
export function opener(
  platform: NodeJS.Platform,
  browser: string | undefined,
): [string, ...string[]] {
  if (browser) return [browser];
  if (platform === 'darwin') return ['open'];
  // The empty title keeps `start` from taking a quoted URL for one.
  return platform === 'win32' ? ['cmd', '/c', 'start', '""'] : ['xdg-open'];
}
