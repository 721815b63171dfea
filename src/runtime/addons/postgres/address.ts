/** Where a database is and who may enter, as its URL says. Pure. */
import type { Addon } from '../../model.js';

export interface DatabaseAddress {
  readonly user: string;
  readonly password: string;
  readonly port: number;
  readonly database: string;
}

/**
 * `postgres://user:password@localhost:25432/database`. The scheme and the host are those that
 * Heroku's CLI and every adapter take: another scheme is not found, another host asks for TLS.
 */
export function urlOf({ user, password, port, database }: DatabaseAddress): string {
  return `postgres://${user}:${password}@localhost:${port}/${database}`;
}

export function addressOf({ config }: Pick<Addon, 'config'>): DatabaseAddress {
  const url = new URL(config['URL'] ?? '');
  return {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    port: Number(url.port),
    database: url.pathname.slice(1),
  };
}

/** The password of the superuser of a cluster, which no app is given. */
export function superuserPassword({ settings }: Pick<Addon, 'settings'>): string {
  return String(settings['superuserPassword']);
}
