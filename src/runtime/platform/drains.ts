/** Log drains of an app. Whether a URL can be one, Logplex knows. */
import { randomUUID } from 'node:crypto';
import { PlatformError } from '../errors.js';
import type { Drain } from '../model.js';
import type { Platform } from './platform.js';

/** Adds a log drain; whether its URL can be one, Logplex has checked. */
export async function addDrain(platform: Platform, app: string, url: string): Promise<Drain> {
  const drain = { id: randomUUID(), url, token: `d.${randomUUID()}`, createdAt: Date.now() };
  await platform.change(app, (now) => {
    if (now.app.drains.some((other) => other.url === url)) {
      throw new PlatformError(
        'invalid_params',
        'That drain is there already. `paas drains` lists them.',
      );
    }
    return { says: ['Add a log drain'], app: { drains: [...now.app.drains, drain] } };
  });
  return drain;
}

/** Removes a log drain, by URL, token or id. @throws PlatformError not_found */
export async function removeDrain(platform: Platform, app: string, wanted: string): Promise<Drain> {
  const { drains } = platform.find(app).app;
  const drain = drains.find(({ id, url, token }) => [id, url, token].includes(wanted));
  if (!drain) {
    throw new PlatformError(
      'not_found',
      'There is no such drain. `paas drains` lists them with their tokens.',
      {
        resource: 'drain',
      },
    );
  }
  await platform.change(app, (now) => ({
    says: ['Remove a log drain'],
    app: { drains: now.app.drains.filter(({ id }) => id !== drain.id) },
  }));
  return drain;
}
