/**
 * The router: one port, every app's requests. A request passes the stages of `serve` in order; each
 * has a file of its own.
 */
import type { HttpCache } from '../cache/cache.js';
import type { Dyno, LogMessage } from '../model.js';
import type { Balancing } from './balancing.js';
import { CACHE, Caching } from './caching.js';
import { openFilesLimit, withinDescriptors } from './descriptors.js';
import { DirectAnswer, refuse } from './direct-answer.js';
import { Doorway } from './doorway.js';
import type { Errand } from './errand.js';
import { type PageLink, redirectPage, unknownHostPage } from './error-page.js';
import { FAULTS } from './errors.js';
import type { Client, Exchange } from './exchange.js';
import type { Fetch } from './fetch.js';
import { isLoopback } from './handover.js';
import { requestFields } from './headers.js';
import { HEROKU_LIMITS, type RouterLimits } from './limits.js';
import { type ListenAddress, Listener } from './listener.js';
import { Mesh } from './mesh.js';
import { Pool } from './pool.js';
import { Forwarding, type ProxyContext } from './proxy.js';
import { hostName, type Neighbour, type RoutedApp, Routes } from './routes.js';
import type { Service } from './service.js';
import { Upgrading } from './upgrade.js';
import { Watch } from './watch.js';

export interface RouterOptions {
  /** Gets one message per request: `heroku[router]`. Must not throw. */
  log(message: LogMessage): void;
  readonly limits?: Partial<RouterLimits>;
  readonly balancing?: Balancing;
  /** For apps with the feature `http-cache`. */
  readonly cache?: HttpCache;
}

/** What `paas ps` shows of an app's traffic. */
export interface RouterStats {
  readonly open: number;
  readonly requests: number;
  readonly errors: number;
  readonly dynos: readonly {
    readonly name: string;
    readonly open: number;
    readonly upgraded: number;
  }[];
}

interface Counters {
  requests: number;
  errors: number;
}

export class Router implements Service, ProxyContext {
  readonly limits: RouterLimits;
  readonly watch: Watch;
  readonly doorway = new Doorway();
  readonly unread = { bytes: 0 };
  private readonly routes = new Routes();
  private readonly pools = new Map<string, Pool>();
  private readonly counters = new Map<string, Counters>();
  private readonly listener: Listener;
  private readonly mesh: Mesh;
  private readonly caching: Caching | undefined;
  private state: 'open' | 'closing' = 'open';

  constructor(private readonly options: RouterOptions) {
    this.limits = withinDescriptors({ ...HEROKU_LIMITS, ...options.limits }, openFilesLimit());
    this.watch = new Watch(this.limits.tick);
    this.listener = new Listener(this);
    this.mesh = new Mesh(this);
    this.caching = options.cache && new Caching(options.cache, this.watch, this.limits.idle);
  }

  /**
   * Starts to accept clients.
   * @param address `localhost` stands for 127.0.0.1 and, where there is one, ::1; with `tls` the port
   *   speaks HTTP/2 and HTTP/1.1 over TLS, and sends plain HTTP there
   * @returns the port, where 0 was asked for
   * @throws the system's error: EADDRINUSE, EACCES
   */
  listen(address: ListenAddress): Promise<{ port: number }> {
    return this.listener.listen(address);
  }

  /** Adds an app, or replaces what is known of it. */
  setApp(app: RoutedApp): void {
    this.routes.set(app);
    this.poolOf(app.id).changed();
  }

  removeApp(id: string): void {
    this.routes.remove(id);
    this.pools.get(id)?.cut();
    this.pools.delete(id);
    this.counters.delete(id);
  }

  /** A fact of the engine. Only web dynos count. */
  dynoChanged(dyno: Dyno): void {
    if (dyno.type !== 'web') return;
    this.poolOf(dyno.app).dynoChanged(dyno);
  }

  setNeighbours(lookup: () => readonly Neighbour[]): void {
    this.mesh.lookup = lookup;
  }

  /**
   * Resolves when a dyno has no open request any more; at once for one that is not known. Upgraded
   * connections do not count: they end with the dyno.
   */
  async drained(dyno: Dyno): Promise<void> {
    await this.pools.get(dyno.app)?.get(dyno.id)?.drained();
  }

  stats(appId: string): RouterStats {
    const pool = this.pools.get(appId);
    const { requests, errors } = this.counters.get(appId) ?? { requests: 0, errors: 0 };
    const dynos = [...(pool?.all() ?? [])].map(({ name, open, upgraded }) => ({
      name,
      open,
      upgraded,
    }));
    return { open: pool?.open ?? 0, requests, errors, dynos };
  }

  /**
   * Accepts nothing more, lets open requests finish, and cuts what is left.
   * @param grace ms until the cut
   */
  async close(grace: number): Promise<void> {
    if (this.state === 'closing') return;
    this.state = 'closing';
    await this.listener.close(grace);
    for (const pool of this.pools.values()) pool.cut();
    this.mesh.cut();
  }

  appOf(id: string): RoutedApp | undefined {
    return this.routes.get(id);
  }

  fieldsFor(errand: Errand): string[] {
    return requestFields(errand.head, errand);
  }

  /** What fails here unforeseen is told as H99, and leaves nothing behind: the others go on. */
  serve(exchange: Exchange): void {
    try {
      this.answer(exchange);
    } catch (error) {
      exchange.cause = String(error);
      refuse(exchange, FAULTS.H99);
    }
  }

  private answer(exchange: Exchange): void {
    const { client, head } = exchange;
    if (client.misplaced) {
      exchange.respond(redirectPage(`https://${head.host}${head.path}`));
      return;
    }
    if (client.servername !== undefined && hostName(head.host) !== client.servername) {
      refuse(exchange, FAULTS.H31);
      return;
    }
    const app = this.route(exchange);
    if (!app) return;
    const pool = this.poolOf(app.id);
    exchange.app = app;
    exchange.seat = pool;
    pool.open += 1;
    const most = this.limits.inFlightPerDyno * Math.max(1, app.webQuantity);
    if (app.maintenance) refuse(exchange, FAULTS.H80);
    else if (app.blank) refuse(exchange, FAULTS.H81);
    else if (pool.open > most) refuse(exchange, FAULTS.H11);
    else this.forward(exchange, app, pool);
  }

  ended(exchange: Exchange): void {
    const app = exchange.app ?? this.routes.lookupUnmatched('localhost');
    if (exchange.seat) exchange.seat.open -= 1;
    if (exchange.handedOver || !app || (!exchange.app && exchange.fault === undefined)) return;
    this.count(app.id, exchange);
    this.options.log({
      app: app.id,
      time: Date.now() * 1000,
      source: 'heroku',
      process: 'router',
      text: exchange.line(performance.now()),
    });
  }

  /** The app that a request is for; a host that is a neighbour's or nobody's is seen to here. */
  private route(exchange: Exchange): RoutedApp | undefined {
    const { host, accept } = exchange.head;
    const app = this.routes.lookup(host);
    if (app) return app;
    if (this.mesh.serve(exchange)) return undefined;
    const fallback = this.routes.lookupUnmatched(host);
    if (!fallback) exchange.respond(unknownHostPage(host, accept, this.links(exchange.client)));
    return fallback;
  }

  /** The apps that run here, for clients of this machine only: their names are nobody else's business. */
  private links(client: Client): PageLink[] {
    if (!isLoopback(client.address)) return [];
    const names = [...this.routes.all(), ...this.mesh.neighbours()].map(({ name }) => name);
    return names.map((name) => ({
      name,
      url: `${client.proto}://${name}.localhost:${client.port}/`,
    }));
  }

  private forward(exchange: Exchange, app: RoutedApp, pool: Pool): void {
    if (exchange.head.upgrade !== '') {
      exchange.begin(new Upgrading(exchange, app, pool, this));
      return;
    }
    const send = (fetch: Fetch) => fetch.begin(new Forwarding(fetch, app, pool, this, fetch));
    if (app.features[CACHE] && this.caching?.serve(exchange, send)) return;
    exchange.begin(new Forwarding(exchange, app, pool, this, new DirectAnswer(exchange)));
  }

  private poolOf(id: string): Pool {
    let pool = this.pools.get(id);
    if (!pool) {
      pool = new Pool(this.limits, this.options.balancing ?? 'round-robin');
      this.pools.set(id, pool);
    }
    return pool;
  }

  private count(id: string, exchange: Exchange): void {
    const counters = this.counters.get(id) ?? { requests: 0, errors: 0 };
    counters.requests += 1;
    if (exchange.fault) counters.errors += 1;
    this.counters.set(id, counters);
  }
}
