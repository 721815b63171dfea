/**
 * Add-ons as Heroku's JSON (https://devcenter.heroku.com/articles/platform-api-reference#add-on).
 * Everything is free here; plans are Heroku's, so that what is tried locally can be bought there.
 */
import { createHash } from 'node:crypto';
import type { Plan, Service } from '../addons/provider.js';
import type { Addon, AddonAttachment, App } from '../model.js';
import { varsOf } from '../platform/attachments.js';

export type AddonJson = ReturnType<typeof addonJson>;
export type AttachmentJson = ReturnType<typeof attachmentJson>;
export type ServiceJson = ReturnType<typeof serviceJson>;
export type PlanJson = ReturnType<typeof planJson>;

const FREE = { cents: 0, contract: false, unit: 'month', metered: false };

/** `status` and `failure` (a sentence) are ours: Heroku tells no health of an add-on here. */
export function addonJson(
  addon: Addon,
  app: App,
  status: 'up' | { readonly failure: string },
  page: string | undefined,
) {
  const { attachments } = addon;
  return {
    id: addon.id,
    name: addon.name,
    app: { id: app.id, name: app.name },
    billing_entity: { id: app.id, name: app.name, type: 'app' },
    addon_service: serviceReference(addon),
    plan: { ...planReference(addon), price: FREE },
    billed_price: FREE,
    config_vars: attachments.flatMap(({ name }) => varsOf(addon, name)),
    attachments: attachments.map(({ name }) => name),
    provider_id: addon.id,
    provision_message: addon.message ?? null,
    state: 'provisioned',
    status: status === 'up' ? 'up' : 'down',
    failure: status === 'up' ? null : status.failure,
    web_url: page ?? null,
    actions: [],
    created_at: date(addon.createdAt),
    updated_at: date(addon.createdAt),
  };
}

export function attachmentJson(addon: Addon, attachment: AddonAttachment, app: App) {
  const reference = { id: app.id, name: app.name };
  return {
    id: attachment.id,
    name: attachment.name,
    namespace: null,
    app: reference,
    addon: { id: addon.id, name: addon.name, app: reference, plan: planReference(addon) },
    addon_service: serviceReference(addon),
    config_vars: varsOf(addon, attachment.name),
    log_input_url: null,
    web_url: null,
    created_at: date(attachment.createdAt),
    updated_at: date(attachment.createdAt),
  };
}

export function serviceJson(service: Service) {
  return {
    id: idOf(service.name),
    name: service.name,
    human_name: service.title,
    cli_plugin_name: null,
    state: 'ga',
    supports_multiple_installations: service.perApp === 'many',
    supports_sharing: false,
    supported_generations: [{ id: idOf('cedar'), name: 'cedar' }],
    created_at: date(0),
    updated_at: date(0),
  };
}

export function planJson(service: Service, plan: Plan) {
  const name = `${service.name}:${plan.name}`;
  return {
    id: idOf(name),
    name,
    human_name: plan.name,
    description: plan.description,
    addon_service: { id: idOf(service.name), name: service.name },
    default: service.plans[0]?.name === plan.name,
    price: FREE,
    state: 'ga',
    visible: true,
    space_default: false,
    installable_inside_private_network: true,
    installable_outside_private_network: true,
    created_at: date(0),
    updated_at: date(0),
  };
}

function planReference({ service, plan }: Addon) {
  const name = `${service}:${plan}`;
  return { id: idOf(name), name };
}

function serviceReference({ service }: Addon) {
  return { id: idOf(service), name: service };
}

/** The same id for the same name, in the form of a UUID. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}

function date(ms: number): string {
  return new Date(ms).toISOString();
}
