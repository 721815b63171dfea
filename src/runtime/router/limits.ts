/**
 * Every number that the router is bound by, with Heroku's values (reference sections 3.3, 3.4 and
 * 3.7). Times are ms, sizes are bytes.
 */
import { PlatformError } from '../errors.js';

export interface RouterLimits {
  /** Request line with method, target and version. */
  readonly requestLine: number;
  /** One field line of a request: name, colon and value. */
  readonly headerLine: number;
  readonly headerName: number;
  readonly headerCount: number;
  /** All of a request's head; what one client may make us hold before it is looked at. */
  readonly head: number;
  /** What all clients together may make us hold of heads; over it, only usual ones are gone on with. */
  readonly heads: number;
  readonly usualHead: number;
  readonly method: number;
  /** Status line of a dyno's answer. */
  readonly statusLine: number;
  /** One field line of a dyno's answer. */
  readonly responseHeaderLine: number;
  readonly setCookieLine: number;
  /** One attempt to connect to a dyno. */
  readonly connectTimeout: number;
  /** Attempts on different dynos, at most. */
  readonly connectAttempts: number;
  /** All attempts together, and the wait for a dyno that is not quarantined. */
  readonly connectBudget: number;
  /** How long a dyno that refused is avoided. */
  readonly quarantine: number;
  /** How long a request waits for a dyno to boot. */
  readonly bootWait: number;
  /** From the whole request sent to the first byte of the answer. */
  readonly firstByte: number;
  /** Without a byte in either direction, once the answer began or while the client uploads. */
  readonly idle: number;
  /** From the first byte of a request's head to its last. */
  readonly headTimeout: number;
  /** A client's connection between two requests. */
  readonly clientIdle: number;
  /**
   * A dyno's connection between two requests. Heroku has 90 s and says that servers with a shorter
   * idle time of their own race it (H13, H18); most have 5 s, so ours is below that.
   */
  readonly dynoIdle: number;
  /** Requests in flight per web dyno; over it is H11. */
  readonly inFlightPerDyno: number;
  /** Connections of clients; over it is H22. Heroku tells no number. @see descriptors.ts */
  readonly connections: number;
  /** How often timeouts are looked at: they are late by twice this much at most. */
  readonly tick: number;
}

export const HEROKU_LIMITS: RouterLimits = {
  requestLine: 8192,
  headerLine: 8192,
  headerName: 1000,
  headerCount: 1000,
  head: 262_144,
  heads: 67_108_864,
  usualHead: 16_384,
  method: 127,
  statusLine: 8192,
  responseHeaderLine: 524_288,
  setCookieLine: 8192,
  connectTimeout: 5000,
  connectAttempts: 10,
  connectBudget: 75_000,
  quarantine: 5000,
  bootWait: 75_000,
  firstByte: 30_000,
  idle: 55_000,
  headTimeout: 30_000,
  clientIdle: 60_000,
  dynoIdle: 4000,
  inFlightPerDyno: 200,
  connections: 20_000,
  tick: 250,
};

/**
 * Limits as they were typed.
 * @param given numbers by name, ms or bytes
 * @throws PlatformError invalid_params for a name that there is not, with those that there are
 */
export function limitsFrom(given: Readonly<Record<string, number>>): Partial<RouterLimits> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(HEROKU_LIMITS, name)) {
      throw new PlatformError(
        'invalid_params',
        `The router has no limit ${name}. It has ${Object.keys(HEROKU_LIMITS).join(', ')}.`,
      );
    }
  }
  return given;
}
