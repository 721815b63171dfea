/** The HTTP cache of an app: what it holds and did, and emptying it. */
import { PlatformError } from '../../errors.js';
import { featureEnabled } from '../../platform/features.js';
import { type Answer, type Call, ok } from '../exchange.js';

/** Where the platform was started without a cache. */
const NO_CACHE = {
  enabled: false,
  hits: 0,
  misses: 0,
  collapsed: 0,
  entries: 0,
  bytes: 0,
  bytesSaved: 0,
  outcomes: {},
  reasons: {},
  hottest: [],
  uncacheable: [],
} as const;

export function info(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  const statistics = call.context.router.cacheStatistics(state.app.id);
  if (statistics === undefined) return ok(NO_CACHE);
  return ok({ enabled: featureEnabled(state, 'http-cache'), ...statistics });
}

/** Everything, or what `?url=` or `?tag=` names. */
export function purge(call: Call): Answer {
  const { app } = call.context.platform.find(call.param('app'));
  const url = call.query.get('url');
  const tag = call.query.get('tag');
  if (url !== null && !/^(\/|https?:\/\/.)/i.test(url)) {
    throw new PlatformError(
      'invalid_params',
      `${url} is neither a path, such as /products, nor a URL, such as http://shop.localhost/products.`,
    );
  }
  const purged = call.context.router.purgeCache(app.id, {
    ...(url === null ? {} : { url }),
    ...(tag === null ? {} : { tag }),
  });
  return ok({ purged });
}
