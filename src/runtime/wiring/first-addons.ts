/** What add-ons a start makes before the first dyno: as app.json asks, or as the main work tree has them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AddonServices } from '../addons/provider.js';
import { PlatformError } from '../errors.js';
import type { Addon, App } from '../model.js';
import { readSource, type Source, type SourceLocation } from '../platform/source.js';
import {
  forkedAddons,
  missingAddons,
  provisionAll,
  type WantedAddon,
} from '../platform/wanted-addons.js';
import { STATE_FOLDER } from '../settings.js';
import { FileStore } from '../store/file-store.js';

/** What a start was asked to do about add-ons. */
export interface AddonWish {
  /** Make those that app.json asks for. */
  readonly create: boolean;
  /** In a git work tree: begin with the databases of the main one. */
  readonly fork: boolean;
}

/**
 * Names of the services that app.json asks for, before the first start of an app; then nothing.
 * @throws PlatformError for what cannot be read in the folder
 */
export function addonsToAskFor(location: SourceLocation): string[] {
  if (!isFirstStart(location)) return [];
  return readSource(location).appJson.addons.map(({ plan }) => plan);
}

/**
 * Makes what is wished for and missing.
 * @param tell is told what is not made, in a sentence
 * @returns the app with its add-ons, which run
 * @throws PlatformError when one can't be made; then none is
 */
export async function makeFirstAddons(
  app: App,
  source: Source,
  wish: AddonWish,
  services: AddonServices,
  tell: (text: string) => void,
): Promise<App> {
  const { appJson, location } = source;
  const first = isFirstStart(location);
  const forks = wish.fork && (app.addons ?? []).length === 0;
  if (!forks && appJson.addons.length === 0) return app;
  const known = await services.services();
  const wanted: WantedAddon[] = forks ? [...forkedAddons(await ofMainTree(source), known)] : [];
  if (wanted.length > 0) tell('Forking the databases of the main work tree');
  const made = await provisionAll(app, wanted, services);
  const missing = missingAddons(made.addons ?? [], appJson, known);
  if (first && missing.unknown.length > 0) {
    tell(`app.json asks for ${missing.unknown.join(', ')}: there is no such service here.`);
  }
  if (wish.create && missing.wanted.length > 0) {
    tell(`Creating ${missing.wanted.map(({ plan }) => plan).join(', ')}, as app.json asks`);
    return provisionAll(made, missing.wanted, services);
  }
  if (!wish.create && first && missing.wanted.length > 0) {
    const plans = missing.wanted.map(({ plan }) => plan);
    tell(
      `app.json asks for ${plans.join(', ')}. Create them with \`paas addons:create\`, or all at once by a start with --yes.`,
    );
  }
  return made;
}

/** Nothing is kept of the app yet. */
function isFirstStart({ directory }: SourceLocation): boolean {
  return !existsSync(join(directory, STATE_FOLDER, 'state.json'));
}

/** The add-ons of the same app in the main work tree, whether it runs or not. */
async function ofMainTree({ location, checkout }: Source): Promise<readonly Addon[]> {
  const main = checkout?.mainTree;
  if (main === undefined) {
    throw new PlatformError(
      'invalid_params',
      `${location.directory} is no added work tree of git: there is nothing to fork databases from. Leave --fork-databases out.`,
    );
  }
  const stored = await new FileStore(join(main, STATE_FOLDER)).load();
  return stored?.app.addons ?? [];
}
