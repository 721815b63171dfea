/** Heroku Postgres as a service: its plans and what they limit (devcenter.heroku.com/articles/heroku-postgres-plans). */
import type { Service } from '../provider.js';

/** Connections that an app may have at once, by plan. */
const CONNECTIONS: Readonly<Record<string, number>> = {
  'essential-0': 20,
  'essential-1': 20,
  'essential-2': 40,
  'standard-0': 120,
  'standard-2': 400,
  'premium-0': 120,
  'premium-2': 400,
};

export const POSTGRES: Service = {
  name: 'heroku-postgresql',
  alsoCalled: ['postgres', 'postgresql', 'pg'],
  title: 'Heroku Postgres',
  prefix: 'postgresql',
  plans: Object.entries(CONNECTIONS).map(([name, connections]) => ({
    name,
    description: `${connections} connections`,
  })),
  attachment: { first: 'DATABASE', further: 'HEROKU_POSTGRESQL' },
  perApp: 'many',
  forks: true,
};

/** @param plan one of the service's */
export function connectionsOf(plan: string): number {
  return CONNECTIONS[plan] ?? 20;
}
