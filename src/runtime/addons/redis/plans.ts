/** Heroku Key-Value Store as a service: its plans and what they limit (devcenter.heroku.com/articles/heroku-redis). */
import type { Service } from '../provider.js';

export interface RedisLimits {
  readonly megabytes: number;
  readonly connections: number;
  /** `none` loses everything when it stops, as the smallest plans do on Heroku. */
  readonly persistence: 'none' | 'append-only';
}

const LIMITS: Readonly<Record<string, RedisLimits>> = {
  mini: { megabytes: 25, connections: 20, persistence: 'append-only' },
  'premium-0': { megabytes: 50, connections: 40, persistence: 'append-only' },
  'premium-1': { megabytes: 100, connections: 80, persistence: 'append-only' },
  'premium-2': { megabytes: 250, connections: 200, persistence: 'append-only' },
  'premium-3': { megabytes: 500, connections: 400, persistence: 'append-only' },
  'premium-5': { megabytes: 1000, connections: 1000, persistence: 'append-only' },
  // Heroku's own `redis:cli` speaks to this one only without TLS.
  'hobby-dev': { megabytes: 25, connections: 20, persistence: 'none' },
};

export const REDIS: Service = {
  name: 'heroku-redis',
  alsoCalled: ['redis', 'valkey', 'key-value-store'],
  title: 'Heroku Key-Value Store',
  prefix: 'redis',
  plans: Object.entries(LIMITS).map(([name, { megabytes, connections, persistence }]) => ({
    name,
    description: `${megabytes} MB, ${connections} connections${persistence === 'none' ? ', not kept' : ''}`,
  })),
  attachment: { first: 'REDIS', further: 'HEROKU_REDIS' },
  perApp: 'many',
};

/** @param plan one of the service's */
export function limitsOf(plan: string): RedisLimits {
  return LIMITS[plan] ?? LIMITS['mini']!;
}
