/** Attachments: the names under which apps see their add-ons. */
import { PlatformError } from '../../errors.js';
import { findAttachment } from '../../platform/addon-lookup.js';
import { attachAddon, detachAddon } from '../../platform/addons.js';
import { type Attached, attachmentsOf, matchAttachments } from '../../platform/attachments.js';
import type { AppState } from '../../platform/state.js';
import { attachmentJson } from '../addon-representations.js';
import { type Answer, type Call, created, ok, stringIn } from '../exchange.js';
import { nameIn, owned } from './addons.js';

/** Those of one app. */
export function list(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok(attachmentsOf(state.app.addons).map((attached) => represent(state, attached)));
}

/** Those of all apps. */
export function listAll(call: Call): Answer {
  const states = call.context.platform.list();
  return ok(
    states.flatMap((state) =>
      attachmentsOf(state.app.addons).map((attached) => represent(state, attached)),
    ),
  );
}

/** Those of one add-on. */
export function listOfAddon(call: Call): Answer {
  const { state, addon } = owned(call);
  return ok(attachmentsOf([addon]).map((attached) => represent(state, attached)));
}

export function info(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok(represent(state, findAttachment(state, call.param('attachment'))));
}

/** `{addon: {name} or name, app: {name} or name, name: "REPORTS"}`. */
export async function create(call: Call): Promise<Answer> {
  const body = await call.body();
  const { platform, addons } = call.context;
  const addon = nameIn(body, 'addon') ?? stringIn(body, 'addon');
  const state = platform.find(nameIn(body, 'app') ?? stringIn(body, 'app'));
  const as = body['name'];
  const attached = await attachAddon(platform, addons, state.app.id, {
    addon,
    ...(typeof as === 'string' ? { as } : {}),
  });
  return created(represent(state, attached));
}

export async function remove(call: Call): Promise<Answer> {
  const { platform } = call.context;
  const wanted = call.param('attachment');
  const state = platform
    .list()
    .find(({ app }) =>
      attachmentsOf(app.addons).some(({ attachment }) => attachment.id === wanted),
    );
  if (!state) throw new PlatformError('not_found', `Couldn't find the attachment ${wanted}.`);
  return ok(represent(state, await detachAddon(platform, state.app.id, wanted)));
}

export async function resolve(call: Call): Promise<Answer> {
  const body = await call.body();
  const wanted = stringIn(body, 'addon_attachment');
  const state = call.context.platform.find(stringIn(body, 'app'));
  const found = matchAttachments(state.app.addons ?? [], wanted);
  if (found.length === 0) findAttachment(state, wanted); // says which there are
  return ok(found.map((attached) => represent(state, attached)));
}

function represent({ app }: AppState, { addon, attachment }: Attached) {
  return attachmentJson(addon, attachment, app);
}
