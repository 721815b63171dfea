/** Add-ons that an app should have and has not: those of its app.json, and those of its main work tree. */
import type { AddonServices, Service } from '../addons/provider.js';
import { newId } from '../identity.js';
import type { Addon, App } from '../model.js';
import { findPlan } from './addon-lookup.js';
import { type NewAddon, newAddon } from './addons.js';
import type { AppJson } from './app-json.js';

/** An add-on to make, perhaps with the data of another one. */
export type WantedAddon = NewAddon & { readonly origin?: Addon };

/** What app.json asks for, in two heaps. */
export interface Missing {
  readonly wanted: readonly WantedAddon[];
  /** Services that paas does not have: `papertrail`. */
  readonly unknown: readonly string[];
}

/** Those of app.json whose service the app has no add-on of. Pure. */
export function missingAddons(
  addons: readonly Addon[],
  { addons: asked }: Pick<AppJson, 'addons'>,
  services: readonly Service[],
): Missing {
  const wanted: WantedAddon[] = [];
  const unknown: string[] = [];
  for (const each of asked) {
    const name = each.plan.split(':')[0] ?? '';
    const service = services.find(
      (known) => known.name === name || known.alsoCalled.includes(name),
    );
    if (!service) unknown.push(name);
    else if (!addons.some((addon) => addon.service === service.name)) {
      // A plan that is not sold any more, or that we don't have, is no reason for no database.
      const plan = each.plan.slice(name.length + 1);
      const known = service.plans.some((one) => one.name === plan);
      wanted.push({ ...each, plan: known ? `${service.name}:${plan}` : service.name });
    }
  }
  return { wanted, unknown };
}

/** The same add-ons under the same names; where that can be, with their data. Pure. */
export function forkedAddons(
  addons: readonly Addon[],
  services: readonly Service[],
): readonly WantedAddon[] {
  return addons
    .filter(({ service }) => services.some(({ name }) => name === service))
    .map((addon) => {
      const forks = services.find(({ name }) => name === addon.service)?.forks === true;
      const as = addon.attachments[0]?.name;
      return {
        plan: `${addon.service}:${addon.plan}`,
        ...(as === undefined ? {} : { as }),
        ...(forks ? { origin: addon } : {}),
      };
    });
}

/**
 * Makes add-ons for an app that is not started yet: no release, since its next one will have them.
 * @throws PlatformError what the provider throws; then none of them is left
 */
export async function provisionAll(
  app: App,
  wanted: readonly WantedAddon[],
  services: AddonServices,
): Promise<App> {
  const known = await services.services();
  const before = app.addons ?? [];
  const made: Addon[] = [];
  try {
    for (const { origin, ...each } of wanted) {
      const { service, plan } = findPlan(known, each.plan);
      const blank = newAddon([...before, ...made], service, plan, each);
      const more = (origin?.attachments ?? [])
        .slice(1)
        .map(({ name }) => ({ id: newId(), name, createdAt: blank.createdAt }));
      const addon = { ...blank, attachments: [...blank.attachments, ...more] };
      const wish = {
        ...(each.version === undefined ? {} : { version: each.version }),
        ...(origin ? { fork: origin } : {}),
      };
      made.push(await services.provision(app.id, addon, wish));
    }
  } catch (error) {
    for (const addon of made) await services.remove(addon);
    throw error;
  }
  return { ...app, addons: [...before, ...made] };
}
