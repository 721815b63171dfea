/** Domains of an app: the hostnames that it has by itself, and those that it was given. */

import { PlatformError } from '../errors.js';
import { newId } from '../identity.js';
import type { Domain } from '../model.js';
import type { Platform } from './platform.js';
import { worktreeHost } from './source.js';
import type { AppState } from './state.js';
import { unknown } from './unknown.js';

/** `shop.localhost`; and for a git work tree `branch.shop.localhost`, which comes first. */
export function ownHosts({ app, source }: Pick<AppState, 'app' | 'source'>): string[] {
  const worktree = worktreeHost(source);
  const name = `${app.name}.localhost`;
  return worktree === undefined ? [name] : [worktree, name];
}

/** Labels of letters, digits, hyphens and underscores; a first one of `*` stands for any. */
const HOSTNAME =
  /^(?=.{1,253}$)(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/;

/** Adds a hostname. @throws PlatformError invalid_params when it is none, or is there already */
export async function addDomain(
  platform: Platform,
  app: string,
  hostname: string,
): Promise<Domain> {
  const name = hostname.toLowerCase();
  if (!HOSTNAME.test(name)) {
    throw new PlatformError(
      'invalid_params',
      `${hostname} is no hostname. Give one such as shop.example.com or *.example.com.`,
    );
  }
  const domain = { id: newId(), hostname: name, createdAt: Date.now() };
  await platform.change(app, (now) => {
    if (ownHosts(now).includes(name) || now.app.domains.some((other) => other.hostname === name)) {
      throw new PlatformError('invalid_params', `${name} is a domain of ${now.app.name} already.`);
    }
    return { says: [`Add ${name} domain`], app: { domains: [...now.app.domains, domain] } };
  });
  return domain;
}

/** Removes a hostname, by name or id. @throws PlatformError not_found */
export async function removeDomain(
  platform: Platform,
  app: string,
  wanted: string,
): Promise<Domain> {
  const domain = findDomain(platform.find(app), wanted);
  await platform.change(app, (now) => ({
    says: [`Remove ${domain.hostname} domain`],
    app: { domains: now.app.domains.filter(({ id }) => id !== domain.id) },
  }));
  return domain;
}

/** @throws PlatformError not_found */
export function findDomain({ app }: AppState, wanted: string): Domain {
  const found = app.domains.find(
    ({ id, hostname }) => id === wanted || hostname === wanted.toLowerCase(),
  );
  if (!found)
    throw unknown(
      'domain',
      wanted,
      app.domains.map(({ hostname }) => hostname),
    );
  return found;
}
