/** What decides a run of a dyno, as values. */

import { PlatformError } from '../../errors.js';
import type { ConfigVars } from '../../model.js';
import type { Manifest, OneOff, ProcessWish } from '../engine.js';
import type { DynoKind } from './phase.js';
import type { TerminalSize } from './terminal.js';

const USUAL_TERMINAL: TerminalSize = { columns: 120, rows: 40 };

/** Everything that dynos of one type share. */
export interface TypePlan {
  readonly app: string;
  readonly type: string;
  readonly command: string;
  readonly size: string;
  readonly release: number;
  readonly directory: string;
  readonly config: ConfigVars;
  readonly index: number;
  readonly kind: DynoKind;
  /** Size of the terminal that it runs on; undefined for pipes. */
  readonly terminal: TerminalSize | undefined;
  readonly readinessPath: string | undefined;
}

/** A plan for one run. */
export interface DynoPlan extends TypePlan {
  readonly id: string;
  readonly slot: number;
  readonly name: string;
  /** Variables for this run on top of the config. */
  readonly extra: ConfigVars;
  /** Crashes in this slot since it was last stable. */
  readonly restarts: number;
}

/** Web dynos are up when they listen; all others when they run. */
export function isWeb(plan: Pick<TypePlan, 'type' | 'kind'>): boolean {
  return plan.type === 'web' && plan.kind === 'formation';
}

/** Who typed into a one-off is gone when it is stopped, so it is hung up too, as on Heroku. */
export function gentleSignals(plan: Pick<TypePlan, 'kind' | 'terminal'>): NodeJS.Signals[] {
  return plan.kind === 'one-off' && plan.terminal ? ['SIGHUP', 'SIGTERM'] : ['SIGTERM'];
}

/** @throws PlatformError invalid_params when the slug is not a folder */
export function typePlan(manifest: Manifest, wish: ProcessWish): TypePlan {
  return {
    app: manifest.app.id,
    type: wish.type,
    command: wish.command,
    size: wish.size,
    release: manifest.release.version,
    directory: directoryOf(manifest),
    config: manifest.config,
    index: wish.index,
    kind: 'formation',
    terminal: wish.tty ? USUAL_TERMINAL : undefined,
    readinessPath: wish.readinessPath,
  };
}

/** @throws PlatformError invalid_params when the slug is not a folder */
export function oneOffPlan(oneOff: OneOff): TypePlan {
  const { manifest } = oneOff;
  return {
    app: manifest.app.id,
    type: oneOff.type,
    command: oneOff.command,
    size: oneOff.size,
    release: manifest.release.version,
    directory: directoryOf(manifest),
    config: manifest.config,
    // After the ports of the last type, so that a one-off never takes a dyno's.
    index: Math.max(-1, ...manifest.processes.map((process) => process.index)) + 1,
    kind: 'one-off',
    terminal: oneOff.terminal,
    readinessPath: undefined,
  };
}

/** The same text for two plans means: dynos of the one need no restart to become dynos of the other. */
export function signature(plan: TypePlan): string {
  const { release: _, app: __, config, ...rest } = plan;
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rest, sorted]);
}

function directoryOf(manifest: Manifest): string {
  if (manifest.slug.kind === 'directory') return manifest.slug.directory;
  throw new PlatformError(
    'invalid_params',
    `The local engine runs folders, and this release is the image ${manifest.slug.reference}. Run it on a cluster, or deploy a folder.`,
  );
}
