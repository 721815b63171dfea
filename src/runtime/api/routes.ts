/** The one table of the API: method, path, handler. */
import type { Handler } from './exchange.js';
import * as attachments from './handlers/addon-attachments.js';
import * as addons from './handlers/addons.js';
import * as apps from './handlers/apps.js';
import * as cache from './handlers/cache.js';
import * as config from './handlers/config-vars.js';
import * as databases from './handlers/databases.js';
import * as domains from './handlers/domains.js';
import * as drains from './handlers/drains.js';
import * as dynos from './handlers/dynos.js';
import * as features from './handlers/features.js';
import * as formation from './handlers/formation.js';
import * as logs from './handlers/log-sessions.js';
import * as releases from './handlers/releases.js';
import * as terminals from './handlers/terminals.js';

/** In the place of a method: a request to go on with the bare connection (RFC 9110, section 7.8). */
export const UPGRADE = 'UPGRADE';

export const ROUTES: readonly (readonly [method: string, path: string, handler: Handler])[] = [
  ['GET', '/account', apps.account],
  ['GET', '/users/~', apps.account],
  ['GET', '/users/~/apps', apps.list],
  ['GET', '/apps', apps.list],
  ['GET', '/apps/{app}', apps.info],
  ['PATCH', '/apps/{app}', apps.update],
  ['GET', '/apps/{app}/collaborators', apps.none],
  ['GET', '/apps/{app}/sni-endpoints', apps.none],
  ['GET', '/apps/{app}/buildpack-installations', apps.none],

  ['GET', '/apps/{app}/formation', formation.list],
  ['PATCH', '/apps/{app}/formation', formation.batchUpdate],
  ['GET', '/apps/{app}/formation/{type}', formation.info],
  ['PATCH', '/apps/{app}/formation/{type}', formation.update],
  ['DELETE', '/apps/{app}/formations/{type}', dynos.restartType],
  ['POST', '/apps/{app}/formations/{type}/actions/stop', dynos.stopType],

  ['GET', '/apps/{app}/dynos', dynos.list],
  ['POST', '/apps/{app}/dynos', dynos.create],
  ['DELETE', '/apps/{app}/dynos', dynos.restartAll],
  ['GET', '/apps/{app}/dynos/{dyno}', dynos.info],
  ['DELETE', '/apps/{app}/dynos/{dyno}', dynos.restart],
  ['POST', '/apps/{app}/dynos/{dyno}/actions/stop', dynos.stop],
  ['POST', '/apps/{app}/dynos/{dyno}/attach', dynos.attach],
  [UPGRADE, '/apps/{app}/dynos/{dyno}/attach', terminals.attach],
  ['PATCH', '/apps/{app}/dynos/{dyno}/attach', terminals.resize],

  ['GET', '/apps/{app}/config-vars', config.info],
  ['PATCH', '/apps/{app}/config-vars', config.update],
  ['GET', '/apps/{app}/config-vars/{key}/source', config.explain],

  ['GET', '/apps/{app}/releases', releases.list],
  ['POST', '/apps/{app}/releases', releases.rollBack],
  ['GET', '/apps/{app}/releases/{release}', releases.info],
  ['GET', '/apps/{app}/releases/{release}/config-vars', releases.config],

  ['POST', '/apps/{app}/log-sessions', logs.create],
  ['GET', '/streams/{id}', logs.stream],
  ['GET', '/apps/{app}/log-drains', drains.list],
  ['POST', '/apps/{app}/log-drains', drains.create],
  ['DELETE', '/apps/{app}/log-drains/{drain}', drains.remove],

  ['GET', '/addon-services', addons.services],
  ['GET', '/addon-services/{service}', addons.service],
  ['GET', '/addon-services/{service}/plans', addons.plans],
  ['GET', '/addons', addons.listAll],
  ['GET', '/addon-progress', addons.progress],
  ['GET', '/addons/{addon}', addons.infoOfAny],
  ['GET', '/addons/{addon}/addon-attachments', attachments.listOfAddon],
  ['POST', '/actions/addons/resolve', addons.resolve],
  ['GET', '/apps/{app}/addons', addons.list],
  ['POST', '/apps/{app}/addons', addons.create],
  ['GET', '/apps/{app}/addons/{addon}', addons.info],
  ['DELETE', '/apps/{app}/addons/{addon}', addons.destroy],
  ['POST', '/apps/{app}/addons/{addon}/actions/{action}', addons.act],
  ['GET', '/addon-attachments', attachments.listAll],
  ['POST', '/addon-attachments', attachments.create],
  ['DELETE', '/addon-attachments/{attachment}', attachments.remove],
  ['POST', '/actions/addon-attachments/resolve', attachments.resolve],
  ['GET', '/apps/{app}/addon-attachments', attachments.list],
  ['GET', '/apps/{app}/addon-attachments/{attachment}', attachments.info],

  ['GET', '/client/v11/databases/{addon}', databases.info],
  ['GET', '/client/v11/databases/{addon}/wait_status', databases.waitStatus],
  ['PUT', '/client/v11/databases/{addon}/reset', databases.reset],
  ['GET', '/client/v11/apps/{app}/transfers', apps.none],
  ['GET', '/postgres/v0/databases/{addon}/credentials/default', databases.credentials],
  ['GET', '/redis/v0/databases/{addon}', databases.info],
  ['GET', '/redis/v0/databases/{addon}/wait', databases.waitStatus],

  ['GET', '/apps/{app}/domains', domains.list],
  ['POST', '/apps/{app}/domains', domains.create],
  ['GET', '/apps/{app}/domains/{domain}', domains.info],
  ['DELETE', '/apps/{app}/domains/{domain}', domains.remove],

  ['GET', '/apps/{app}/features', features.list],
  ['GET', '/apps/{app}/features/{feature}', features.info],
  ['PATCH', '/apps/{app}/features/{feature}', features.update],

  ['GET', '/apps/{app}/cache', cache.info],
  ['DELETE', '/apps/{app}/cache', cache.purge],
];

/** A handler with the parts of the path that its route names. */
export interface Match {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Finds the handler of a request.
 * @param path without query, as it came
 * @returns undefined where no route fits
 */
export function matchRoute(method: string, path: string): Match | undefined {
  const parts = path.split('/');
  for (const [routeMethod, route, handler] of ROUTES) {
    if (routeMethod !== method) continue;
    const params = matchParts(route.split('/'), parts);
    if (params) return { handler, params };
  }
  return undefined;
}

function matchParts(route: string[], parts: string[]): Record<string, string> | undefined {
  if (route.length !== parts.length) return undefined;
  const params: Record<string, string> = Object.create(null);
  for (const [index, expected] of route.entries()) {
    const part = parts[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name === undefined ? expected !== part : part === '') return undefined;
    if (name !== undefined) params[name] = decoded(part);
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // `%zz` names nothing that exists, so the handler says so
  }
}
