/** What the local engine is told of a start. */
import { join } from 'node:path';
import type { LocalEngineOptions } from '../engine/local/options.js';
import { dataFolder, runtimeFolder, STATE_FOLDER } from '../settings.js';
import type { RuntimeOptions } from './options.js';

/**
 * @param port of the router: the dynos get those after it
 * @param directory the app's folder
 * @param questions what the engine asks while it runs
 */
export function engineOptions(
  options: RuntimeOptions,
  port: number,
  directory: string,
  questions: Required<Pick<LocalEngineOptions, 'metrics' | 'drained'>>,
): LocalEngineOptions {
  const { environment, grace, color, timing, isolation } = options;
  return {
    environment,
    basePort: port,
    reservedPorts: [port],
    grace,
    color,
    restartPolicy: timing,
    cycling: timing === 'heroku',
    isolation,
    pipeFolder: join(runtimeFolder(environment), 'pipes'),
    isolationFolder: join(directory, STATE_FOLDER, 'dynos'),
    // Sockets that command the platforms, and keys.
    hiddenFolders: [runtimeFolder(environment), dataFolder(environment)],
    ...questions,
  };
}
