/**
 * Heroku's data API, as far as Heroku's own CLI needs it for `pg:info`, `pg:wait`, `pg:reset`,
 * `pg:credentials:url` and `redis:info` (reference: heroku-cli-contract section 6).
 */
import type { Addon } from '../../model.js';
import { type Answer, accepted, type Call, ok } from '../exchange.js';
import { owned } from './addons.js';

/** What `pg:info` and `redis:info` print. */
export async function info(call: Call): Promise<Answer> {
  const { addon, url } = await addressed(call);
  return ok({
    id: addon.id,
    name: addon.name,
    plan: addon.plan,
    info: await act(call, addon, 'info'),
    resource_url: url.href,
    port: Number(url.port),
    prefer_native_tls: false,
  });
}

export function waitStatus(call: Call): Answer {
  const { addon } = owned(call);
  const status = call.context.addons.status(addon);
  return ok(
    status === 'up'
      ? { 'waiting?': false, message: 'available' }
      : { 'waiting?': true, message: status.failure },
  );
}

export async function reset(call: Call): Promise<Answer> {
  const { addon } = owned(call);
  await act(call, addon, 'reset');
  return accepted({ message: `${addon.name} is empty` });
}

export async function credentials(call: Call): Promise<Answer> {
  const { url } = await addressed(call);
  const user = { user: url.username, password: url.password, state: 'active' };
  return ok({
    name: 'default',
    state: 'active',
    database: url.pathname.slice(1),
    host: url.hostname,
    port: Number(url.port),
    credentials: [user],
  });
}

async function addressed(call: Call): Promise<{ readonly addon: Addon; readonly url: URL }> {
  const { addon } = owned(call);
  const { url } = (await act(call, addon, 'address')) as { url: string };
  return { addon, url: new URL(url) };
}

function act(call: Call, addon: Addon, action: string): Promise<unknown> {
  return call.context.addons.act(addon, action, {});
}
