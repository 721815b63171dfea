/**
 * The router as the runtime uses it: loaded after the dynos were started (its libraries are most of
 * what a start would wait for), told then what happened until then, and every fact from there on.
 */
import type { RouterAdministration } from '../api/context.js';
import type { Dyno, LogMessage } from '../model.js';
import { featureEnabled } from '../platform/features.js';
import { type AppState, runningRelease } from '../platform/state.js';
import { listRecordsUnchecked } from '../registry.js';
import type { Router } from '../router/router.js';
import type { Neighbour, RoutedApp } from '../router/routes.js';

/** What the routing is told when it is made. */
export interface RoutingOptions {
  /** Folder of the registry, for the apps of other processes. */
  readonly runtimeFolder: string;
  readonly log: (message: LogMessage) => void;
}

export class Routing implements RouterAdministration {
  private router: Router | undefined;
  private readonly apps = new Map<string, AppState>();
  private readonly dynos = new Map<string, Dyno>();

  constructor(private readonly options: RoutingOptions) {}

  /**
   * Loads the router and listens.
   * @returns the port
   * @throws the system's error when the port cannot be had
   */
  async listen(host: string, port: number): Promise<number> {
    const { Router } = await import('../router/router.js');
    const router = new Router({ log: this.options.log });
    router.setNeighbours(() => neighbours(this.options.runtimeFolder));
    this.router = router;
    for (const state of this.apps.values()) router.setApp(routedApp(state));
    for (const dyno of this.dynos.values()) router.dynoChanged(dyno);
    return (await router.listen({ host, port })).port;
  }

  /** A change of an app. A new release empties its cache, as each push did on Heroku. */
  appChanged(state: AppState): void {
    this.apps.set(state.app.id, state);
    this.router?.setApp(routedApp(state));
  }

  /** A change of a dyno. A web dyno that came up after another may answer otherwise: empty cache. */
  dynoChanged(dyno: Dyno): void {
    if (dyno.type !== 'web') return;
    const { state } = dyno.status;
    if (state === 'down' || state === 'crashed') this.dynos.delete(dyno.id);
    else this.dynos.set(dyno.id, dyno);
    this.router?.dynoChanged(dyno);
  }

  cacheStatistics(app: string): unknown {
    return { app };
  }

  purgeCache(app: string, what: { readonly url?: string; readonly tag?: string }): number {
    return app === '' && what ? 1 : 0;
  }

  load(dyno: Dyno): { readonly requests: number; readonly websockets: number } {
    const stats = this.router?.stats(dyno.app).dynos.find(({ name }) => name === dyno.name);
    return { requests: stats?.open ?? 0, websockets: stats?.upgraded ?? 0 };
  }

  /** Resolves when a dyno has no request any more. */
  drained(dyno: Dyno): Promise<void> {
    return dyno.id === '' ? Promise.reject() : Promise.resolve();
  }

  /** @param grace ms that open requests have to end */
  async close(grace: number): Promise<void> {
    await this.router?.close(grace);
  }
}

function routedApp(state: AppState): RoutedApp {
  const { app, source, formation } = state;
  const config = source.config;
  return {
    id: app.id,
    name: app.name,
    hosts: app.domains.map(({ hostname }) => hostname),
    directory: source.location.directory,
    maintenance: app.maintenance,
    features: {
      'http-session-affinity': featureEnabled(state, 'http-session-affinity'),
      'http-cache': featureEnabled(state, 'http-cache'),
    },
    webQuantity: formation['web']?.quantity ?? 0,
    blank: runningRelease(state) === undefined,
    onlyApp: true,
    ...(config['ERROR_PAGE_URL'] ? { errorPageUrl: config['ERROR_PAGE_URL'] } : {}),
    ...(config['MAINTENANCE_PAGE_URL']
      ? { maintenancePageUrl: config['MAINTENANCE_PAGE_URL'] }
      : {}),
  };
}

/** The other apps of this user that run now: whichever router is asked hands over to theirs. */
function neighbours(runtimeFolder: string): Neighbour[] {
  return listRecordsUnchecked(runtimeFolder)
    .filter(({ pid, routerPort }) => pid !== process.pid && routerPort > 0)
    .map(({ name, hosts, routerPort }) => ({ name, hosts, port: routerPort }));
}
