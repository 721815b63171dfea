/** What is to be fetched from a dyno, and what becomes known of it on the way. */
import type { Passage } from './headers.js';
import type { RequestBody } from './request-body.js';
import type { RequestHead } from './request-head.js';

export interface Errand extends Passage {
  readonly head: RequestHead;
  /** Nothing, a body that came whole, or one that still comes. */
  readonly body: RequestBody | Buffer | undefined;
  /** When it began, on the monotonic clock. */
  readonly began: number;
  /** `web.1`, once one was chosen. */
  dyno: string;
  /** ms it took to connect; undefined before it was tried. */
  connect: number | undefined;
  /** When the connection to the dyno was there, on the monotonic clock. */
  connectedAt: number | undefined;
}
