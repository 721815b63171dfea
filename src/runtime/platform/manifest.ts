/** One function turns a release and a formation into what an engine is asked to run. Pure. */
import type { Manifest } from '../engine/engine.js';
import type { App, Formation, Release } from '../model.js';
import { DEFAULT_SIZE, scalableTypes } from './formation.js';

/** What a manifest needs beyond the release. */
export interface ManifestContext {
  readonly formation: Formation;
  readonly preboot: boolean;
  readonly readinessPath?: string;
  /** Types that run on a terminal of their own. */
  readonly ttyTypes?: readonly string[];
}

/** The whole wish for one app. */
export function manifestOf(app: App, release: Release, context: ManifestContext): Manifest {
  const types = Object.keys(release.processTypes);
  return {
    app: { id: app.id, name: app.name },
    release: { version: release.version, createdAt: release.createdAt },
    slug: release.slug,
    config: release.config,
    preboot: context.preboot,
    processes: scalableTypes(release.processTypes).map((type) => ({
      type,
      command: release.processTypes[type] ?? '',
      quantity: context.formation[type]?.quantity ?? 0,
      size: context.formation[type]?.size ?? DEFAULT_SIZE,
      index: types.indexOf(type),
      ...(context.ttyTypes?.includes(type) ? { tty: true } : {}),
      ...(type === 'web' && context.readinessPath ? { readinessPath: context.readinessPath } : {}),
    })),
  };
}
