import type { Unread } from './client-input.js';
import type { Doorway } from './doorway.js';
import type { Exchange } from './exchange.js';
import type { RouterLimits } from './limits.js';
import type { Watch } from './watch.js';

/** What the router does with the requests of a connection. */
export interface Service {
  readonly limits: RouterLimits;
  readonly watch: Watch;
  readonly doorway: Doorway;
  readonly unread: Unread;
  /** Answers a request, now or later. */
  serve(exchange: Exchange): void;
  /** One log line. */
  ended(exchange: Exchange): void;
}
