/** What a local engine is told when it is made, and what holds where it is told nothing. */
import { newId } from '../../identity.js';
import type { Dyno } from '../../model.js';
import type { IsolationMode } from './isolation/isolation.js';
import type { RestartPolicy } from './restart-policy.js';
import type { QuotaMode } from './usage/sampler.js';

export interface LocalEngineOptions {
  /** What every dyno inherits: `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Port of the first dyno of the first type. */
  readonly basePort: number;
  /** Ports that are skipped without a word: the router's own. */
  readonly reservedPorts?: readonly number[];
  /** ms between SIGTERM and SIGKILL. Default 5,000; Heroku's own is 30,000. */
  readonly grace?: number;
  /** ms that a web dyno has to bind its port (R10). Default 60,000. */
  readonly bootTimeout?: number;
  /** Default `local`. */
  readonly restartPolicy?: RestartPolicy;
  /** Replace every dyno after 24 hours and a bit, as Heroku does. Default no. */
  readonly cycling?: boolean;
  /** What happens above the quotas of the dyno sizes. Default `enforce`. */
  readonly quotas?: QuotaMode;
  /** Whether an app wants the lines of log-runtime-metrics. Asked again and again. Default no. */
  readonly metrics?: (app: string) => boolean;
  /** ms between two looks at memory and processor, at least. Default 5,000. */
  readonly sampleInterval?: number;
  /** Put into the environment of every process of this run as `PAAS_RUN`. Default: a random one. */
  readonly runId?: string;
  /** Ask the programs for colours although they write to a pipe. Default no. */
  readonly color?: boolean;
  /** Private folder for named pipes, so that dynos can open /dev/stdout. Default: sockets are used. */
  readonly pipeFolder?: string;
  /** Whether each dyno has files of its own. Default `none`: all run in the app's folder. */
  readonly isolation?: IsolationMode;
  /** Where isolated dynos have their files; best on the file system of the app. Default: in TMPDIR. */
  readonly isolationFolder?: string;
  /** Folders that a sandboxed dyno does not see. Default none. */
  readonly hiddenFolders?: readonly string[];
  /**
   * Resolves when a web dyno that was replaced has answered what it had begun: only then it gets
   * SIGTERM. It was told as `stopping` before. Waited for at most 30 s. Default: at once.
   */
  readonly drained?: (dyno: Dyno) => Promise<void>;
}

/** The options with nothing left open. */
export type EngineSettings = Required<Omit<LocalEngineOptions, 'pipeFolder'>> &
  Pick<LocalEngineOptions, 'pipeFolder'>;

/** Fills in what was not said. */
export function settingsFrom(options: LocalEngineOptions): EngineSettings {
  return {
    reservedPorts: [],
    grace: 5_000,
    bootTimeout: 60_000,
    restartPolicy: 'local',
    cycling: false,
    quotas: 'enforce',
    metrics: () => false,
    sampleInterval: 5_000,
    runId: newId(),
    color: false,
    isolation: 'none',
    isolationFolder: `${options.environment['TMPDIR'] || '/tmp'}/paas-dynos-${process.getuid?.() ?? 'user'}`,
    hiddenFolders: [],
    drained: () => Promise.resolve(),
    ...options,
  };
}
