/** `paas local start --detach`: the same start in a process of its own, which outlives the terminal. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformError } from '../runtime/errors.js';
import { type AppRecord, listRecords } from '../runtime/registry.js';
import { runtimeFolder } from '../runtime/settings.js';
import { stripColor } from './terminal.js';

/** ms between two looks whether the app is up. */
const INTERVAL = 25;

/** In the environment of the start that is in the background already, however it was asked to be. */
const MARK = 'PAAS_IN_BACKGROUND';

/** True once in the process that `startInBackground` made; its dynos do not see the mark. */
export function isInBackground(): boolean {
  const marked = process.env[MARK] !== undefined;
  delete process.env[MARK];
  return marked;
}

/**
 * Starts the app in the background and waits until its router listens.
 * @param argv the words of the command
 * @param show prints the record, or these words
 * @throws PlatformError failed with what the start said, when it ended before that
 */
export async function startInBackground(
  directory: string,
  argv: readonly string[],
  show: (record: AppRecord, words: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-start-'));
  const output = openSync(join(folder, 'output'), 'w', 0o600);
  try {
    const child = spawn(
      process.execPath,
      [process.argv[1] ?? '', 'local', 'start', ...argv],
      // Its log is in .paas/logs; here is only what it says before there is one.
      { detached: true, stdio: ['ignore', 'ignore', output], env: { ...process.env, [MARK]: '1' } },
    );
    child.unref();
    let state = 'starting' as 'starting' | 'ended';
    child.once('exit', () => {
      state = 'ended';
    });
    for (;;) {
      const record = await runningIn(directory, child.pid);
      if (record) return show(record, `${record.name} runs at ${record.url} (pid ${record.pid})`);
      if (state === 'ended') throw ended(readFileSync(join(folder, 'output'), 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runningIn(
  directory: string,
  pid: number | undefined,
): Promise<AppRecord | undefined> {
  const records = await listRecords(runtimeFolder(process.env));
  return records.find(
    (record) => record.pid === pid && record.url !== '' && isSame(record, directory),
  );
}

function isSame(record: AppRecord, directory: string): boolean {
  try {
    return record.directory === realpathSync(directory);
  } catch {
    return false; // the folder is gone: the start itself says so
  }
}

function ended(output: string): PlatformError {
  const said = stripColor(output)
    .replace(/^Error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  return new PlatformError(
    'failed',
    said || 'The start ended without a word. Run it without --detach to see why.',
  );
}
