/** Config vars, and where each has its value from. */
import { PlatformError } from '../../errors.js';
import { attachedOrigin } from '../../platform/attachments.js';
import { setConfig } from '../../platform/config-vars.js';
import { configOrigins } from '../../platform/source.js';
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
  const { source, app } = call.context.platform.find(call.param('app'));
  const origins = configOrigins(source.location, key, attachedOrigin(app.addons, key));
  const shell = process.env[key];
  if (shell !== undefined) {
    origins.unshift({ key, value: shell, source: 'the environment that paas was started in' });
  }
  const counting = origins.at(-1);
  if (!counting)
    throw new PlatformError(
      'not_found',
      `Nothing sets ${key}. Set it with \`paas config:set ${key}=...\`.`,
    );
  return ok({ ...counting, file: counting.source, overrides: origins.slice(0, -1) });
}
