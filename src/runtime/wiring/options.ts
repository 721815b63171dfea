/** What a start asks for, and who hears of what happens. */
import { realpathSync, statSync } from 'node:fs';
import type { IsolationMode } from '../engine/local/isolation/isolation.js';
import { isSystemError, PlatformError } from '../errors.js';
import type { MaskScope } from '../logplex/mask.js';
import type { Dyno, LogMessage } from '../model.js';
import type { Selection } from '../platform/selection.js';
import type { Source, SourceLocation } from '../platform/source.js';
import type { AppRecord } from '../registry.js';
import type { Runtime } from '../runtime.js';
import { appNameFrom, type Environment } from '../settings.js';
import type { AddonWish } from './first-addons.js';
import type { RouterWish } from './routing.js';

/** What a start asks for. */
export interface RuntimeOptions {
  readonly location: SourceLocation;
  readonly selection: Selection;
  /** Router port that was asked for. */
  readonly port?: number;
  readonly router: RouterWish;
  /** ms between SIGTERM and SIGKILL. */
  readonly grace: number;
  /** When crashed dynos are started again, and whether dynos are cycled daily: ours or Heroku's. */
  readonly timing: 'local' | 'heroku';
  /** Whether each dyno has files of its own. */
  readonly isolation: IsolationMode;
  /** Add-ons that are made before the first dyno; none without it. */
  readonly addons?: AddonWish;
  /** Restart on changes of the source. */
  readonly watch: boolean;
  /** Whose lines have their secrets hidden. */
  readonly mask: MaskScope;
  /** Ask dynos for colours. */
  readonly color: boolean;
  /** What dynos inherit, and where folders are found. */
  readonly environment: Environment;
  /** Gets the runtime as soon as it can be closed, which is before it has started. */
  readonly opened: (runtime: Runtime) => void;
  /** Hears of every change of a dyno. */
  readonly dynoChanged: (dyno: Dyno) => void;
  /** Hears which dynos there will be, in the order of the Procfile: `web.1`, `web.2`, `worker.1`. */
  readonly formationChanged: (types: readonly string[], dynos: readonly string[]) => void;
  /** Hears of every log message, once the app is known. */
  readonly log: (message: LogMessage) => void;
}

/**
 * The app's folder with its links resolved: one folder, one name in the registry.
 * @throws PlatformError not_found
 */
export function existingFolder(directory: string): string {
  try {
    const found = realpathSync(directory);
    if (statSync(found).isDirectory()) return found;
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
  throw new PlatformError(
    'not_found',
    `There is no folder ${directory}. Give the app's folder with -d.`,
  );
}

/** The record of an app that is about to start: it has no router yet. */
export function newRecord(source: Source, socket: string): AppRecord {
  return {
    id: '',
    name: appNameFrom(source.name),
    directory: source.location.directory,
    pid: process.pid,
    socket,
    url: '',
    routerPort: 0,
    hosts: [],
    startedAt: Date.now(),
  };
}
