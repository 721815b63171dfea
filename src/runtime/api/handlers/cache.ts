/** The HTTP cache of an app: what it holds and did, and emptying it. */
import { featureEnabled } from '../../platform/features.js';
import { type Answer, type Call, ok } from '../exchange.js';

export function info(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  const statistics = call.context.router.cacheStatistics(state.app.id) as object;
  return ok({ enabled: featureEnabled(state, 'http-cache'), ...statistics });
}

/** Everything, or what `?url=` or `?tag=` names. */
export function purge(call: Call): Answer {
  const { app } = call.context.platform.find(call.param('app'));
  const url = call.query.get('url');
  const tag = call.query.get('tag');
  const purged = call.context.router.purgeCache(app.id, {
    ...(url === null ? {} : { url }),
    ...(tag === null ? {} : { tag }),
  });
  return ok({ purged });
}
