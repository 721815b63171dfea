/** Finding services, plans, add-ons and attachments by what a user may call them. Pure. */
import type { Service } from '../addons/provider.js';
import type { Addon } from '../model.js';
import { type Attached, attachmentsOf, matchAttachments } from './attachments.js';
import type { AppState } from './state.js';
import { unknown } from './unknown.js';

/** An add-on by its name, its id, or one of its attachments. @throws PlatformError not_found */
export function findAddon({ app }: AppState, wanted: string): Addon {
  const addons = app.addons ?? [];
  const found =
    addons.find(({ id, name }) => id === wanted || name === wanted) ??
    matchAttachments(addons, wanted)[0]?.addon;
  if (found) return found;
  const names = addons.map(({ name }) => name);
  throw unknown('add_on', wanted, names);
}

/** An attachment by its name, its config var, its id or its add-on. @throws PlatformError not_found */
export function findAttachment({ app }: AppState, wanted: string): Attached {
  const [found] = matchAttachments(app.addons ?? [], wanted);
  if (found) return found;
  const names = attachmentsOf(app.addons).map(({ attachment }) => attachment.name);
  throw unknown('add_on attachment', wanted, names);
}

/** The service and plan of `postgres:essential-0`. @throws PlatformError not_found */
export function findPlan(
  services: readonly Service[],
  wanted: string,
): { readonly service: Service; readonly plan: string } {
  const [name = '', planName] = wanted.split(':');
  const service = findService(services, name);
  const plan =
    planName === undefined
      ? service.plans[0]
      : service.plans.find((each) => each.name === planName);
  if (!plan) {
    const known = service.plans.map((each) => `${service.name}:${each.name}`);
    throw unknown('plan', wanted, known);
  }
  return { service, plan: plan.name };
}

/** A service by its name or a shorter one. @throws PlatformError not_found */
export function findService(services: readonly Service[], wanted: string): Service {
  const found = services.find(
    ({ name, alsoCalled }) => name === wanted || alsoCalled.includes(wanted),
  );
  if (found) return found;
  const known = services.map(({ name }) => name);
  throw unknown('add_on service', wanted, known);
}
