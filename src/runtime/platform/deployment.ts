/** Which release an app's folder asks for. Pure. */
import { attachedVars } from './attachments.js';
import { effectiveFormation } from './formation.js';
import { describeChange } from './releases.js';
import { type Source, withAttached } from './source.js';
import type { AppState, Change } from './state.js';

/**
 * The release that a folder asks for, or undefined where it says what the newest release says.
 * A Procfile that was not edited since keeps the types of the newest release: they may be older
 * ones that a rollback brought back.
 */
export function deployment(state: AppState, folder: Source): Change | undefined {
  const source = withAttached(folder, attachedVars(state.app.addons));
  const newest = state.releases.at(-1);
  const processTypes = typesToRun(source, state.procfile, newest?.processTypes);
  const description = newest
    ? describeChange(newest, { processTypes, config: source.config }, source.checkout?.commit)
    : 'Initial release';
  return description === undefined ? undefined : releaseOf(state, source, description);
}

/** A release of what a folder says and its add-ons give, whether or not it differs from the newest. */
export function releaseOf(state: AppState, folder: Source, description: string): Change {
  const source = withAttached(folder, attachedVars(state.app.addons));
  const newest = state.releases.at(-1);
  const processTypes = typesToRun(source, state.procfile, newest?.processTypes);
  const version = (newest?.version ?? 0) + 1;
  const slug = { kind: 'directory', directory: source.location.directory } as const;
  return {
    says: [description, `Release v${version} created`],
    source,
    formation: effectiveFormation(
      processTypes,
      { ...state.app.formation, ...state.formation },
      source.appJson.formation,
    ),
    release: {
      description,
      slug,
      processTypes,
      config: source.config,
      attached: source.attached,
    },
  };
}

/** The Procfile's types if it was edited since it was last seen, else those of the newest release. */
export function typesToRun(
  source: Source,
  seen: Source['processTypes'] | undefined,
  released: Source['processTypes'] | undefined,
): Source['processTypes'] {
  const edited = JSON.stringify(seen) !== JSON.stringify(source.processTypes);
  return edited || !released ? source.processTypes : released;
}
