/** What can be asked of a whole app, each as one change: scale, rollback, reload, maintenance. */
import type { Formation, Release } from '../model.js';
import { attachedVars, ownVars } from './attachments.js';
import { configEdits, withConfig } from './config-vars.js';
import { deployment } from './deployment.js';
import { type FormationUpdate, scaledTo, updateFormation } from './formation.js';
import type { Platform } from './platform.js';
import { rollbackTarget } from './releases.js';
import { readSource, type Source, withAttached } from './source.js';
import type { AppState, Change } from './state.js';

/** Applies the rows of one PATCH of the formation. @returns the formation that runs from now on */
export async function scale(
  platform: Platform,
  app: string,
  updates: readonly FormationUpdate[],
): Promise<Formation> {
  const state = await platform.change(app, (now) => {
    const formation = updateFormation(now.formation, updates);
    return { says: [scaledTo(formation)], formation };
  });
  return state.formation;
}

/** Goes back to an earlier release's process types and config, as a new release. */
export async function rollback(
  platform: Platform,
  app: string,
  wanted?: string,
): Promise<AppState> {
  return platform.change(app, (now) => {
    const target = rollbackTarget(now.releases, wanted);
    const edits = configEdits(ownVars(now.source), ownVars(target));
    return withConfig(now, edits, (folder) => backTo(target, now, folder));
  });
}

function backTo(target: Release, now: AppState, folder: Source): Change {
  const source = withAttached(folder, attachedVars(now.app.addons));
  const description = `Rollback to v${target.version}`;
  const version = (now.releases.at(-1)?.version ?? 0) + 1;
  return {
    says: [description, `Release v${version} created`],
    source,
    formation: now.formation,
    release: {
      description,
      slug: target.slug,
      processTypes: target.processTypes,
      config: source.config,
      attached: source.attached,
    },
  };
}

/** Reads the app's folder again; a release is made where it says something new. */
export async function reload(platform: Platform, app: string): Promise<AppState> {
  return platform.change(app, (now) => deployment(now, readSource(now.source.location)));
}

/** Switches maintenance mode. It is no release, and dynos go on (reference section 3.16). */
export async function setMaintenance(
  platform: Platform,
  app: string,
  maintenance: boolean,
): Promise<AppState> {
  const word = maintenance ? 'Enable' : 'Disable';
  return platform.change(app, () => ({ says: [`${word} maintenance mode`], app: { maintenance } }));
}
