/** The API of a running platform: loaded after the dynos were started, given what it may ask. */
import type { ApiContext } from '../api/context.js';
import type { ApiServer } from '../api/server.js';
import type { LocalEngine } from '../engine/local/local-engine.js';
import { quotaOf } from '../engine/local/usage/sizes.js';
import type { Logplex } from '../logplex/logplex.js';
import { OneOffs } from '../platform/one-offs.js';
import type { Platform } from '../platform/platform.js';

/** What the API is about. */
export interface ServedParts {
  readonly platform: Platform;
  readonly engine: LocalEngine;
  readonly logplex: Logplex;
  readonly router: ApiContext['router'];
  readonly addons: ApiContext['addons'];
  /** Where the router listens, for an app's name. */
  readonly webUrl: (name: string) => string;
}

/** Loads the API and connects it. The caller gives it connections, and closes it. */
export async function openApi(parts: ServedParts): Promise<ApiServer> {
  const { platform, engine, logplex, router, addons, webUrl } = parts;
  const [{ ApiServer }, { LogStreams }, { Restarts }, { Leases }] = await Promise.all([
    import('../api/server.js'),
    import('../api/log-streams.js'),
    import('../api/restarts.js'),
    import('../api/leases.js'),
  ]);
  const context: ApiContext = {
    platform,
    router,
    addons,
    webUrl,
    oneOffs: new OneOffs(platform, engine.guests),
    logSessions: new LogStreams(logplex),
    restarts: new Restarts(),
    leases: new Leases(),
    usage: (dyno) => engine.usage(dyno),
    quota: (size) => quotaOf(size),
    attach: (app, dyno) => engine.attach(app, dyno),
    account: { email: platform.actor },
  };
  return new ApiServer(context, (error) => tellDefect(platform, error));
}

/** A defect of ours goes where the user looks. */
function tellDefect(platform: Platform, error: unknown): void {
  const text = `Defect in paas: ${(error as Error)?.stack ?? error}`;
  for (const { app } of platform.list()) platform.say(app.id, text, 'api', 'heroku');
}
