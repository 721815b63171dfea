/** Add-ons, and the services that they are instances of. */
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import { findAddon, findService } from '../../platform/addon-lookup.js';
import { createAddon, destroyAddon } from '../../platform/addons.js';
import { matchAttachments } from '../../platform/attachments.js';
import type { AppState } from '../../platform/state.js';
import { addonJson, planJson, serviceJson } from '../addon-representations.js';
import { type Answer, type Call, created, ok, stringIn } from '../exchange.js';

export async function services(call: Call): Promise<Answer> {
  return ok((await call.context.addons.services()).map(serviceJson));
}

export async function service(call: Call): Promise<Answer> {
  const all = await call.context.addons.services();
  return ok(serviceJson(findService(all, call.param('service'))));
}

export async function plans(call: Call): Promise<Answer> {
  const found = findService(await call.context.addons.services(), call.param('service'));
  return ok(found.plans.map((plan) => planJson(found, plan)));
}

/** Those of one app. */
export function list(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok((state.app.addons ?? []).map((addon) => represent(call, state, addon)));
}

/** Those of all apps. */
export function listAll(call: Call): Answer {
  const states = call.context.platform.list();
  return ok(
    states.flatMap((state) =>
      (state.app.addons ?? []).map((addon) => represent(call, state, addon)),
    ),
  );
}

export function info(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok(represent(call, state, findAddon(state, call.param('addon'))));
}

export function infoOfAny(call: Call): Answer {
  const { state, addon } = owned(call);
  return ok(represent(call, state, addon));
}

/** `{plan: {name: "heroku-postgresql:essential-0"}, attachment: {name}, name, config: {version}}`. */
export async function create(call: Call): Promise<Answer> {
  const body = await call.body();
  const { platform, addons } = call.context;
  const plan = typeof body['plan'] === 'string' ? body['plan'] : nameIn(body, 'plan');
  if (plan === undefined) throw new PlatformError('invalid_params', 'Say which "plan".');
  const as = nameIn(body, 'attachment');
  const { version, fork } = (body['config'] ?? {}) as Record<string, unknown>;
  const addon = await createAddon(platform, addons, call.param('app'), {
    plan,
    ...(as === undefined ? {} : { as }),
    ...(typeof body['name'] === 'string' ? { name: body['name'] } : {}),
    ...(version === undefined ? {} : { version: String(version) }),
    ...(fork === undefined ? {} : { fork: String(fork) }),
  });
  return created(represent(call, platform.find(call.param('app')), addon));
}

export async function destroy(call: Call): Promise<Answer> {
  const { platform, addons } = call.context;
  const app = call.param('app');
  const addon = await destroyAddon(platform, addons, app, call.param('addon'));
  const json = represent(call, platform.find(app), addon);
  return ok({ ...json, state: 'deprovisioned' });
}

/** All that a name may mean: an add-on's name or id, or one of its attachments. */
export async function resolve(call: Call): Promise<Answer> {
  const body = await call.body();
  const wanted = stringIn(body, 'addon');
  const states =
    typeof body['app'] === 'string'
      ? [call.context.platform.find(body['app'])]
      : call.context.platform.list();
  const found = states.flatMap((state) => {
    const exact = (state.app.addons ?? []).filter(
      ({ id, name }) => id === wanted || name === wanted,
    );
    const byName = matchAttachments(state.app.addons ?? [], wanted).map(({ addon }) => addon);
    const some = exact.length > 0 ? exact : [...new Set(byName)];
    return some.map((addon) => represent(call, state, addon));
  });
  const only = states[0];
  if (found.length === 0 && only) findAddon(only, wanted); // says which there are
  return ok(found);
}

/** Ours: what an add-on can do on request. The body is what it needs to know. */
export async function act(call: Call): Promise<Answer> {
  const { platform, addons } = call.context;
  const addon = findAddon(platform.find(call.param('app')), call.param('addon'));
  return ok((await addons.act(addon, call.param('action'), await call.body())) ?? {});
}

/** The add-on that a path names without its app, with the app that has it. @throws PlatformError not_found */
export function owned(call: Call): { readonly state: AppState; readonly addon: Addon } {
  const wanted = call.param('addon');
  const states = call.context.platform.list();
  const state =
    states.find(({ app }) =>
      app.addons?.some(({ id, name }) => id === wanted || name === wanted),
    ) ??
    states.find(({ app }) => matchAttachments(app.addons ?? [], wanted).length > 0) ??
    states[0];
  if (!state) throw new PlatformError('not_found', `Couldn't find the add-on ${wanted}.`);
  return { state, addon: findAddon(state, wanted) };
}

/** Ours: how far a download is that an add-on waits for. */
export function progress(call: Call): Answer {
  return ok(call.context.addons.progress() ?? {});
}

function represent(call: Call, { app }: AppState, addon: Addon) {
  const { addons } = call.context;
  return addonJson(addon, app, addons.status(addon), addons.page(addon));
}

/** `name` of the object in a field, which may be missing. */
export function nameIn(body: Record<string, unknown>, field: string): string | undefined {
  const value = body[field] as Record<string, unknown> | null | undefined;
  const name = value?.['name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}
