/**
 * The routing mesh: a host that belongs to another app of this machine is handed over to that app's
 * own router, as if the client had come there.
 */

import { DirectAnswer } from './direct-answer.js';
import type { Errand } from './errand.js';
import type { Exchange } from './exchange.js';
import type { RouterLimits } from './limits.js';
import { Pool } from './pool.js';
import { Forwarding, type ProxyContext } from './proxy.js';
import { hostName, type Neighbour, type RoutedApp } from './routes.js';
import { Upgrading } from './upgrade.js';
import type { Watch } from './watch.js';

/** How long the list of neighbours is believed: reading it looks at the disk. */
const BELIEVED = 1000;

/** A neighbour's router as a pool of one. */
interface Door {
  readonly pool: Pool;
  readonly app: RoutedApp;
}

export class Mesh implements ProxyContext {
  /** Tells who else runs on this machine. */
  lookup: () => readonly Neighbour[] = () => [];
  readonly limits: RouterLimits;
  readonly watch: Watch;
  private known: readonly Neighbour[] = [];
  private knownAt = Number.NEGATIVE_INFINITY;
  private readonly doors = new Map<string, Door>();

  constructor(router: { readonly limits: RouterLimits; readonly watch: Watch }) {
    this.limits = router.limits;
    this.watch = router.watch;
  }

  /** The other apps, from a list that is a second old at most. */
  neighbours(): readonly Neighbour[] {
    const now = performance.now();
    if (now - this.knownAt > BELIEVED) {
      this.known = this.lookup();
      this.knownAt = now;
    }
    return this.known;
  }

  /** @returns false when the host is no neighbour's */
  serve(exchange: Exchange): boolean {
    // Handed over already: two routers that each take the other for the owner would play ball.
    if (exchange.head.handover !== '') return false;
    const name = hostName(exchange.head.host);
    const neighbour = this.neighbours().find((one) => answersFor(one, name));
    if (!neighbour) return false;
    exchange.handedOver = true;
    const { app, pool } = this.doorOf(neighbour);
    if (exchange.head.upgrade !== '') exchange.begin(new Upgrading(exchange, app, pool, this));
    else exchange.begin(new Forwarding(exchange, app, pool, this, new DirectAnswer(exchange)));
    return true;
  }

  cut(): void {
    for (const { pool } of this.doors.values()) pool.cut();
  }

  appOf(id: string): RoutedApp | undefined {
    return this.doors.get(id)?.app;
  }

  /** As the client sent them: what a router adds, the other one adds. */
  fieldsFor({ head, proto, port, requestId, forwardedFor }: Errand): string[] {
    const client = forwardedFor.slice(forwardedFor.lastIndexOf(' ') + 1);
    const fields = [...head.fields, 'X-Request-Id', requestId];
    if (head.forwardedFor !== '') fields.push('X-Forwarded-For', head.forwardedFor);
    if (head.via !== '') fields.push('Via', head.via);
    if (head.bodyLength > 0) fields.push('Content-Length', String(head.bodyLength));
    fields.push('Paas-Handover', `${proto} ${port} ${client}`);
    return fields;
  }

  private doorOf(neighbour: Neighbour): Door {
    const { name, port } = neighbour;
    const id = `${name}:${port}`;
    const known = this.doors.get(id);
    if (known) return known;
    const pool = new Pool(this.limits, 'round-robin');
    pool.dynoChanged({
      ...NEIGHBOURS_ROUTER,
      id,
      app: id,
      address: { host: '127.0.0.1', port },
    });
    const door = { pool, app: { ...NEIGHBOURS_APP, id, name } };
    this.doors.set(id, door);
    return door;
  }
}

function answersFor({ name, hosts }: Neighbour, host: string): boolean {
  return (
    host === `${name}.localhost` ||
    hosts.some((own) => {
      const other = hostName(own);
      return other.startsWith('*.') ? host.endsWith(other.slice(1)) : other === host;
    })
  );
}

const NEIGHBOURS_ROUTER = {
  type: 'web',
  slot: 1,
  name: '',
  command: '',
  size: '',
  release: 0,
  status: { state: 'up' },
  restarts: 0,
  createdAt: 0,
  updatedAt: 0,
} as const;

const NEIGHBOURS_APP = {
  hosts: [],
  maintenance: false,
  features: {},
  webQuantity: 1,
  blank: false,
  onlyApp: false,
} as const;
