/** Features of an app: what can be switched. */
import type { Platform } from './platform.js';
import type { AppState } from './state.js';
import { unknown } from './unknown.js';

/** Features that can be switched, and what they do. */
export const FEATURES: Readonly<
  Record<string, { readonly description: string; readonly preset: boolean }>
> = {
  preboot: {
    description: 'New web dynos are up before the old ones are stopped',
    preset: true,
  },
  'http-session-affinity': {
    description: 'A cookie keeps a client on the web dyno that it first met',
    preset: false,
  },
  'log-runtime-metrics': {
    description: 'Memory and load of every dyno in the log, every 20 seconds',
    preset: false,
  },
  'http-cache': {
    description: 'A shared HTTP cache (RFC 9111) in front of the web dynos',
    preset: true,
  },
};

/** Switches a feature. @throws PlatformError not_found for one that there is not */
export async function setFeature(
  platform: Platform,
  app: string,
  feature: string,
  enabled: boolean,
): Promise<AppState> {
  if (!Object.hasOwn(FEATURES, feature)) throw unknown('feature', feature, Object.keys(FEATURES));
  return platform.change(app, (now) => ({
    says: [`${enabled ? 'Enable' : 'Disable'} ${feature}`],
    app: { features: { ...now.app.features, [feature]: enabled } },
  }));
}

/** True when a feature is on. */
export function featureEnabled({ app }: AppState, feature: string): boolean {
  return app.features[feature] ?? FEATURES[feature]?.preset ?? false;
}
