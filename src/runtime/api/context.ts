/** What the handlers reach, given by the runtime that wires them. */
import type { Duplex } from 'node:stream';
import type { AddonServices } from '../addons/provider.js';
import type { Dyno } from '../model.js';
import type { OneOffs } from '../platform/one-offs.js';
import type { Platform } from '../platform/platform.js';
import type { Leases } from './leases.js';
import type { Account } from './representations.js';
import type { Restarts } from './restarts.js';

/** The router and its cache, as far as the API may ask and tell. */
export interface RouterAdministration {
  /** Numbers of the HTTP cache of an app, for `paas cache`; undefined where there is no cache. */
  cacheStatistics(app: string): object | undefined;
  /** Forgets stored responses. @returns how many there were */
  purgeCache(app: string, what: { readonly url?: string; readonly tag?: string }): number;
  /** Requests and upgraded connections that a dyno has now. */
  load(dyno: Dyno): { readonly requests: number; readonly websockets: number };
}

/** Log sessions: made by a POST, read by one GET of an unguessable URL. */
export interface LogSessions {
  /** @returns the path of the stream: `/streams/<id>` */
  create(app: string, filter: LogSessionFilter): string;
  /** Streams a session. @returns false when there is none of that id */
  stream(
    id: string,
    exchange: {
      readonly request: import('node:http').IncomingMessage;
      readonly response: import('node:http').ServerResponse;
    },
  ): Promise<boolean>;
}

/** The body of a POST of a log session; what is beyond Heroku's four fields is ours. */
export interface LogSessionFilter {
  readonly lines: number;
  readonly tail: boolean;
  readonly source?: string;
  /** Dyno names or process types. */
  readonly processes: readonly string[];
  /** The rest of the body, for filters that Heroku does not have. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** What `paas ps` shows of a dyno's resources. */
export interface DynoUsage {
  /** Bytes. */
  readonly memory: number;
  /** Share of one core: 0.5 is half of it. */
  readonly cpu?: number | undefined;
}

/** What a size of dyno may use. */
export interface DynoQuota {
  /** Bytes. */
  readonly memory: number;
}

/** The terminal of a dyno, as one who looks at it has it: what it shows, and what is typed. */
export interface DynoTerminal extends Duplex {
  resizeWindow(size: WindowSize): void;
}

/** In characters. */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ApiContext {
  readonly platform: Platform;
  readonly oneOffs: OneOffs;
  readonly router: RouterAdministration;
  readonly addons: AddonServices;
  readonly logSessions: LogSessions;
  readonly restarts: Restarts;
  readonly leases: Leases;
  /** What a dyno used at the last look, by its id. */
  usage(dyno: string): DynoUsage | undefined;
  quota(size: string): DynoQuota;
  /**
   * Looks at the terminal of a dyno. Destroy it to leave.
   * @throws PlatformError not_found, or invalid_params for a dyno without a terminal
   */
  attach(app: string, dyno: string): DynoTerminal;
  readonly account: Account;
  /** Where the router listens: `http://shop.localhost:5006/`. */
  webUrl(appName: string): string;
}
