/** Add-ons of an app: create, attach, detach, destroy, each a release of its own. */

import type { AddonServices, Service } from '../addons/provider.js';
import { PlatformError } from '../errors.js';
import { newId } from '../identity.js';
import type { Addon, AddonAttachment } from '../model.js';
import { findAddon, findAttachment, findPlan } from './addon-lookup.js';
import { newAddonName } from './addon-names.js';
import { type Attached, newAttachmentName } from './attachments.js';
import { releaseOf } from './deployment.js';
import type { Platform } from './platform.js';
import type { AppState, Change } from './state.js';

/** What is asked for with a new add-on. */
export interface NewAddon {
  /** `heroku-postgresql`, `postgres:essential-1`. */
  readonly plan: string;
  /** Name of its first attachment. */
  readonly as?: string;
  readonly name?: string;
  /** Major version of the server. */
  readonly version?: string;
  /** Name or attachment of an add-on of the app whose data it begins with. */
  readonly fork?: string;
}

/**
 * Makes an add-on, starts it, and attaches it in a release.
 * @throws PlatformError not_found for a service or plan that is not there, invalid_params for a
 *   name that is taken, and what the provider throws; then nothing was made
 */
export async function createAddon(
  platform: Platform,
  services: AddonServices,
  app: string,
  wanted: NewAddon,
): Promise<Addon> {
  const { service, plan } = findPlan(await services.services(), wanted.plan);
  let made: Addon | undefined;
  try {
    await platform.change(app, async (now) => {
      const addons = now.app.addons ?? [];
      const blank = newAddon(addons, service, plan, wanted);
      const fork = wanted.fork === undefined ? undefined : originOf(now, service, wanted.fork);
      made = await services.provision(now.app.id, blank, {
        ...(wanted.version === undefined ? {} : { version: wanted.version }),
        ...(fork ? { fork } : {}),
      });
      return attaching(now, [...addons, made], made.attachments[0]!, made);
    });
  } catch (error) {
    // Kept, its release command failed: it is there. Not kept: it must not lie about.
    const kept = platform.find(app).app.addons?.some(({ id }) => id === made?.id);
    if (made && !kept) await services.remove(made);
    throw error;
  }
  return findAddon(platform.find(app), made!.id);
}

/** Gives an add-on one more name. @throws PlatformError not_found, invalid_params */
export async function attachAddon(
  platform: Platform,
  services: AddonServices,
  app: string,
  wanted: { readonly addon: string; readonly as?: string },
): Promise<Attached> {
  const known = await services.services();
  let attachment: AddonAttachment | undefined;
  const state = await platform.change(app, (now) => {
    const addons = now.app.addons ?? [];
    const addon = findAddon(now, wanted.addon);
    const service = known.find(({ name }) => name === addon.service);
    const usual = service?.attachment ?? { first: addon.service, further: addon.service };
    const made = newAttachment(newAttachmentName(addons, usual, wanted.as));
    attachment = made;
    const attached = { ...addon, attachments: [...addon.attachments, made] };
    return attaching(now, replaced(addons, attached), made, attached);
  });
  return findAttachment(state, attachment!.id);
}

/** Takes a name away; the add-on stays. @throws PlatformError not_found */
export async function detachAddon(
  platform: Platform,
  app: string,
  wanted: string,
): Promise<Attached> {
  const found = findAttachment(platform.find(app), wanted);
  await platform.change(app, (now) => {
    const { addon, attachment } = findAttachment(now, found.attachment.id);
    const attachments = addon.attachments.filter(({ id }) => id !== attachment.id);
    const addons = replaced(now.app.addons ?? [], { ...addon, attachments });
    return released(now, addons, `Detach ${attachment.name} (@ref:${addon.name})`);
  });
  return found;
}

/** Takes an add-on away from its app, stops it, and deletes what it kept. @throws PlatformError not_found */
export async function destroyAddon(
  platform: Platform,
  services: AddonServices,
  app: string,
  wanted: string,
): Promise<Addon> {
  const { id } = findAddon(platform.find(app), wanted);
  let removed: Addon | undefined;
  await platform.change(app, (now) => {
    const addon = findAddon(now, id);
    removed = addon;
    const addons = (now.app.addons ?? []).filter((other) => other.id !== id);
    const names = addon.attachments.map(({ name }) => name).join(', ') || addon.service;
    return released(now, addons, `Detach ${names} (@ref:${addon.name})`);
  });
  await services.remove(removed!);
  return removed!;
}

/** Keeps other settings of an add-on. It is no release. */
export async function keepSettings(
  platform: Platform,
  app: string,
  addon: string,
  settings: Addon['settings'],
): Promise<void> {
  await platform.change(app, (now) => {
    const found = findAddon(now, addon);
    return { says: [], app: { addons: replaced(now.app.addons ?? [], { ...found, settings }) } };
  });
}

/** @throws PlatformError invalid_params for a name that can't be had */
export function newAddon(
  addons: readonly Addon[],
  service: Service,
  plan: string,
  { name, as }: NewAddon,
): Addon {
  if (service.perApp === 'one' && addons.some((addon) => addon.service === service.name)) {
    throw new PlatformError('invalid_params', `This app has ${service.name} already.`);
  }
  const chosen = name ?? newAddonName(service.prefix, new Set(addons.map((addon) => addon.name)));
  if (!/^[a-z][a-z0-9-]{2,255}$/.test(chosen) || addons.some((addon) => addon.name === chosen)) {
    throw new PlatformError(
      'invalid_params',
      `${chosen} can't be the name of a new add-on: it is taken, or has other signs than a-z, 0-9 and -.`,
    );
  }
  return {
    id: newId(),
    name: chosen,
    service: service.name,
    plan,
    config: {},
    settings: {},
    attachments: [newAttachment(newAttachmentName(addons, service.attachment, as))],
    createdAt: Date.now(),
  };
}

/** @throws PlatformError not_found, invalid_params for an add-on of another service */
function originOf(now: AppState, { name, forks }: Service, wanted: string): Addon {
  const origin = findAddon(now, wanted);
  if (forks && origin.service === name) return origin;
  throw new PlatformError(
    'invalid_params',
    forks
      ? `${origin.name} is of ${origin.service}: no ${name} can be forked from it.`
      : `A ${name} can't be forked.`,
  );
}

function newAttachment(name: string): AddonAttachment {
  return { id: newId(), name, createdAt: Date.now() };
}

function replaced(addons: readonly Addon[], addon: Addon): Addon[] {
  return addons.map((other) => (other.id === addon.id ? addon : other));
}

function attaching(
  now: AppState,
  addons: readonly Addon[],
  { name }: AddonAttachment,
  addon: Addon,
): Change {
  return released(now, addons, `Attach ${name} (@ref:${addon.name})`);
}

function released(now: AppState, addons: readonly Addon[], description: string): Change {
  const after = { ...now, app: { ...now.app, addons } };
  return { ...releaseOf(after, now.source, description), app: { addons } };
}
