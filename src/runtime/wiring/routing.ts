/**
 * The router as the runtime uses it: loaded after the dynos were started (its libraries are most of
 * what a start would wait for), told then what happened until then, and every fact from there on.
 */
import type { RouterAdministration } from '../api/context.js';
import type { HttpCache } from '../cache/cache.js';
import type { Dyno, LogMessage } from '../model.js';
import { featureEnabled } from '../platform/features.js';
import { worktreeHost } from '../platform/source.js';
import { type AppState, runningRelease } from '../platform/state.js';
import { listRecordsUnchecked } from '../registry.js';
import type { Balancing } from '../router/balancing.js';
import type { Router } from '../router/router.js';
import type { Neighbour, RoutedApp } from '../router/routes.js';

/** How the router works, as the start was asked. */
export interface RouterWish {
  /** Address that the router listens on; `localhost` is 127.0.0.1 and ::1. */
  readonly host: string;
  /** `https` by the user's own authority; HTTP on the same port is told to come back by it. */
  readonly scheme: 'http' | 'https';
  readonly balancing: Balancing;
  /** Names and numbers of limits, as typed. */
  readonly limits: Readonly<Record<string, number>>;
  /** Whether to cache at all, and whether to guess the freshness of what does not state it. */
  readonly cache: 'off' | 'explicit' | 'heuristic';
}

/** What the routing is told when it is made. */
export interface RoutingOptions {
  readonly wish: RouterWish;
  /** Folder of the registry, for the apps of other processes. */
  readonly runtimeFolder: string;
  /** Folder of the certificate authority. */
  readonly dataFolder: string;
  readonly log: (message: LogMessage) => void;
}

export class Routing implements RouterAdministration {
  private router: Router | undefined;
  private cache: HttpCache | undefined;
  private readonly apps = new Map<string, AppState>();
  private readonly dynos = new Map<string, Dyno>();

  constructor(private readonly options: RoutingOptions) {}

  /**
   * Loads the router and listens.
   * @returns the port
   * @throws the system's error when the port cannot be had
   */
  async listen(port: number): Promise<number> {
    const { host, scheme, balancing, limits } = this.options.wish;
    const [{ Router }, { limitsFrom }, cache] = await Promise.all([
      import('../router/router.js'),
      import('../router/limits.js'),
      this.makeCache(),
    ]);
    this.cache = cache;
    const { log } = this.options;
    const router = new Router({
      log,
      balancing,
      limits: limitsFrom(limits),
      ...(cache ? { cache } : {}),
    });
    router.setNeighbours(() => neighbours(this.options.runtimeFolder));
    this.router = router;
    for (const state of this.apps.values()) router.setApp(routedApp(state));
    for (const dyno of this.dynos.values()) router.dynoChanged(dyno);
    const tls = scheme === 'https' ? { tls: await this.authority() } : {};
    return (await router.listen({ host, port, ...tls })).port;
  }

  /** A change of an app. A new release empties its cache, as each push did on Heroku. */
  appChanged(state: AppState): void {
    const before = this.apps.get(state.app.id);
    this.apps.set(state.app.id, state);
    this.router?.setApp(routedApp(state));
    const released = before && runningRelease(before)?.version !== runningRelease(state)?.version;
    if (released) this.cache?.clear(state.app.id);
  }

  /** A change of a dyno. A web dyno that came up after another may answer otherwise: empty cache. */
  dynoChanged(dyno: Dyno): void {
    if (dyno.type !== 'web') return;
    const { state } = dyno.status;
    if (state === 'down' || state === 'crashed') this.dynos.delete(dyno.id);
    else this.dynos.set(dyno.id, dyno);
    if (state === 'up' || this.hasGoneBack(dyno)) this.cache?.clear(dyno.app);
    this.router?.dynoChanged(dyno);
  }

  /** A successor that is stopped while the old dynos stay has answered for some time: forget that. */
  private hasGoneBack({ id, app, release, status }: Dyno): boolean {
    if (status.state !== 'stopping') return false;
    return [...this.dynos.values()].some(
      (other) => other.id !== id && other.app === app && other.release < release,
    );
  }

  cacheStatistics(app: string): object | undefined {
    return this.cache?.statistics(app);
  }

  purgeCache(app: string, what: { readonly url?: string; readonly tag?: string }): number {
    return this.cache?.purge(app, what) ?? 0;
  }

  load(dyno: Dyno): { readonly requests: number; readonly websockets: number } {
    const stats = this.router?.stats(dyno.app).dynos.find(({ name }) => name === dyno.name);
    const { open = 0, upgraded = 0 } = stats ?? {};
    return { requests: open - upgraded, websockets: upgraded };
  }

  /** Resolves when a dyno has no request any more. */
  async drained(dyno: Dyno): Promise<void> {
    await this.router?.drained(dyno);
  }

  /** @param grace ms that open requests have to end */
  async close(grace: number): Promise<void> {
    await this.router?.close(grace);
  }

  private async makeCache(): Promise<HttpCache | undefined> {
    const freshness = this.options.wish.cache;
    if (freshness === 'off') return undefined;
    const { HttpCache } = await import('../cache/cache.js');
    return new HttpCache({ freshness });
  }

  private async authority() {
    const { Authority } = await import('../router/authority.js');
    return Authority.open(this.options.dataFolder);
  }
}

function routedApp(state: AppState): RoutedApp {
  const { app, source, formation } = state;
  const config = source.config;
  return {
    id: app.id,
    name: app.name,
    hosts: hostsOf(state),
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

/** The names that an app answers for beside `<name>.localhost`. */
export function hostsOf({ app, source }: AppState): string[] {
  const worktree = worktreeHost(source);
  const domains = app.domains.map(({ hostname }) => hostname);
  return worktree === undefined ? domains : [worktree, ...domains];
}

/** The other apps of this user that run now: whichever router is asked hands over to theirs. */
function neighbours(runtimeFolder: string): Neighbour[] {
  return listRecordsUnchecked(runtimeFolder)
    .filter(({ pid, routerPort }) => pid !== process.pid && routerPort > 0)
    .map(({ name, hosts, routerPort, url }) => ({
      name,
      hosts,
      port: routerPort,
      tls: url.startsWith('https:'),
    }));
}
