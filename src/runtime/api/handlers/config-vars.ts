/** Config vars, and where each has its value from. */
import { PlatformError } from '../../errors.js';
import type { Dyno } from '../../model.js';
import { attachedOrigin } from '../../platform/attachments.js';
import { setConfig } from '../../platform/config-vars.js';
import { type ConfigOrigin, configOrigins } from '../../platform/source.js';
import { type Answer, type Call, ok } from '../exchange.js';

export function info(call: Call): Answer {
  return ok(call.context.platform.find(call.param('app')).source.config);
}

/** `{KEY: "value", OTHER: null}`: one PATCH, one release, made before the answer. */
export async function update(call: Call): Promise<Answer> {
  const changes = await call.body();
  for (const [key, value] of Object.entries(changes)) {
    if (value !== null && typeof value !== 'string') {
      throw new PlatformError(
        'invalid_params',
        `The value of ${key} must be a string, or null to remove it.`,
      );
    }
  }
  const { platform } = call.context;
  const state = await setConfig(
    platform,
    call.param('app'),
    changes as Record<string, string | null>,
  );
  return ok(state.source.config);
}

/** Ours: every place that gives the key a value, the one that counts last. */
export function explain(call: Call): Answer {
  const key = call.param('key');
  const { platform } = call.context;
  const { source, app } = platform.find(call.param('app'));
  const origins = configOrigins(source.location, key, attachedOrigin(app.addons, key));
  const shell = process.env[key];
  if (shell !== undefined) {
    origins.unshift({ key, value: shell, source: 'the environment that paas was started in' });
  }
  origins.push(...ofDyno(key, platform.dynos(app.id)[0]));
  const counting = origins.at(-1);
  if (!counting)
    throw new PlatformError(
      'not_found',
      `Nothing sets ${key}. Set it with \`paas config:set ${key}=...\`.`,
    );
  return ok({ ...counting, file: counting.source, overrides: origins.slice(0, -1) });
}

/** What the platform says counts most, and differs from dyno to dyno. */
function ofDyno(key: string, dyno: Dyno | undefined): ConfigOrigin[] {
  const port = dyno?.address?.port ?? dyno?.port;
  const value = { DYNO: dyno?.name, PS: dyno?.name, PORT: port?.toString() }[key];
  if (!dyno || value === undefined) return [];
  return [{ key, value, source: `paas for ${dyno.name}; every dyno has its own` }];
}
