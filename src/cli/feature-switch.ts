/** Switching a feature of an app. */
import type { FeatureJson } from '../runtime/api/representations.js';
import type { RunningApp } from './app-command.js';

/** @throws PlatformError not_found when there is no such feature */
export function switchFeature(
  { api, path }: RunningApp,
  feature: string,
  enabled: boolean,
): Promise<FeatureJson> {
  return api.request('PATCH', `${path}/features/${encodeURIComponent(feature)}`, {
    body: { enabled },
  });
}
