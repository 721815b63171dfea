/** A real browser, without a window. Pages tell what they saw by asking the app for something. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeFolder, removeFolder } from './folders.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where the browser is, if there is one. */
export const CHROMIUM = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file));

/** Opens a page until the test is over. @param words for its command line */
export function openInChromium(url: string, ...words: string[]): void {
  const profile = makeFolder();
  const own = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const child = spawn(CHROMIUM!, [...own, `--user-data-dir=${profile}`, ...words, url], {
    stdio: 'ignore',
    detached: true, // a group of its own: it has many processes
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
    removeFolder(profile);
  });
}
