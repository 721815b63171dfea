/** Which release an app's folder asks for. Pure. */
import { effectiveFormation } from './formation.js';
import { describeChange } from './releases.js';
import type { Source } from './source.js';
import type { AppState, Change } from './state.js';

/**
 * The release that a folder asks for, or undefined where it says what the newest release says.
 * A Procfile that was not edited since keeps the types of the newest release: they may be older
 * ones that a rollback brought back.
 */
export function deployment(state: AppState, source: Source): Change | undefined {
  const newest = state.releases.at(-1);
  const processTypes = typesToRun(source, state.procfile, newest?.processTypes);
  const content = { processTypes, config: source.config };
  const description = newest
    ? describeChange(newest, content, source.checkout?.commit)
    : 'Initial release';
  if (description === undefined) return undefined;
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
    release: { description, slug, ...content },
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
