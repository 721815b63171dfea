/** Features of an app: what can be switched. */
import { PlatformError } from '../../errors.js';
import { FEATURES, featureEnabled, setFeature } from '../../platform/features.js';
import type { AppState } from '../../platform/state.js';
import { type Answer, type Call, ok } from '../exchange.js';
import { type FeatureJson, featureJson } from '../representations.js';

export function list(call: Call): Answer {
  return ok(rows(call.context.platform.find(call.param('app'))));
}

export function info(call: Call): Answer {
  return ok(row(call.context.platform.find(call.param('app')), call.param('feature')));
}

export async function update(call: Call): Promise<Answer> {
  const { enabled } = await call.body();
  if (typeof enabled !== 'boolean') {
    throw new PlatformError('invalid_params', '"enabled" must be true or false.');
  }
  const feature = call.param('feature');
  const state = await setFeature(call.context.platform, call.param('app'), feature, enabled);
  return ok(row(state, feature));
}

function rows(state: AppState): FeatureJson[] {
  return Object.entries(FEATURES).map(([name, { description }]) =>
    featureJson(name, description, featureEnabled(state, name), state.app),
  );
}

function row(state: AppState, name: string): FeatureJson {
  const found = rows(state).find((feature) => feature.name === name);
  if (!found) {
    throw new PlatformError(
      'not_found',
      `Couldn't find the feature ${name}. \`paas features\` lists them.`,
    );
  }
  return found;
}
