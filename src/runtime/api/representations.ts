/**
 * Our model as Heroku's JSON (https://devcenter.heroku.com/articles/platform-api-reference).
 * Nested objects that the schema promises are always there: a missing one crashes Heroku's CLI.
 * Fields that Heroku does not have are marked as ours.
 */

import { partId } from '../identity.js';
import type { App, Domain, Drain, Dyno, FormationEntry, Release } from '../model.js';
import type { DynoQuota, DynoUsage } from './context.js';

const REGION = { id: '59accabd-516d-4f0e-83e6-6e3757701145', name: 'local' };
const STACK = { id: '69ef9fd6-cb56-4d72-9d1d-2d3a6a0c0e24', name: 'local' };

/** Who acts: there is one user, the one whose machine it is. */
export interface Account {
  readonly email: string;
}

export type AppJson = ReturnType<typeof appJson>;
export type DynoJson = ReturnType<typeof dynoJson>;
export type FormationJson = ReturnType<typeof formationJson>;
export type ReleaseJson = ReturnType<typeof releaseJson>;
export type DomainJson = ReturnType<typeof domainJson>;
export type DrainJson = ReturnType<typeof drainJson>;
export type FeatureJson = ReturnType<typeof featureJson>;
export type AccountJson = ReturnType<typeof accountJson>;

export function accountJson({ email }: Account) {
  return {
    id: 'a0000000-0000-4000-8000-000000000001',
    email,
    name: email.split('@')[0] ?? email,
    verified: true,
    two_factor_authentication: false,
    default_team: null,
    default_organization: null,
  };
}

/** @param place where the app is: `directory` and `pid` are ours */
export function appJson(
  app: App,
  place: { webUrl: string; directory: string; pid: number; releasedAt?: number },
  account: Account,
) {
  return {
    id: app.id,
    name: app.name,
    owner: ownerJson(account),
    region: REGION,
    stack: STACK,
    build_stack: STACK,
    generation: { name: 'cedar' },
    web_url: place.webUrl,
    git_url: `https://git.localhost/${app.name}.git`,
    repo_size: 0,
    slug_size: 0,
    maintenance: app.maintenance,
    acm: false,
    space: null,
    team: null,
    organization: null,
    internal_routing: null,
    archived_at: null,
    create_status: 'complete',
    process_tier: 'production',
    created_at: date(app.createdAt),
    updated_at: date(app.updatedAt),
    released_at: date(place.releasedAt ?? app.createdAt),
    directory: place.directory,
    pid: place.pid,
  };
}

/** What is known of a dyno beside what it is; undefined where it is not known or does not apply. */
export interface DynoFacts {
  readonly releaseId: string;
  /** It is to be replaced, and still there. */
  readonly outdated: boolean;
  readonly usage: DynoUsage | undefined;
  readonly quota: DynoQuota;
  /** Of web dynos: requests and upgraded connections that are open. */
  readonly load: { readonly requests: number; readonly websockets: number } | undefined;
}

/**
 * A dyno that is `stopping` is `up` on Heroku until its process has ended. Ours are: `stopping`,
 * `outdated`, `restarts`, `pid`, `port`, `reason`, `exit_status`, `next_try_at`, `memory` and
 * `memory_quota` (bytes), `cpu` (share of a core), `requests` and `websockets`.
 */
export function dynoJson(dyno: Dyno, app: App, facts: DynoFacts) {
  const { releaseId, outdated, usage, quota, load } = facts;
  const { status } = dyno;
  const ended = status.state === 'crashed' || status.state === 'down' ? status : undefined;
  return {
    id: dyno.id,
    name: dyno.name,
    type: dyno.type,
    command: dyno.command,
    size: dyno.size,
    state: status.state === 'stopping' ? 'up' : status.state,
    stopping: status.state === 'stopping',
    outdated,
    release: { id: releaseId, version: dyno.release },
    app: { id: app.id, name: app.name },
    attach_url: null as string | null,
    created_at: date(dyno.createdAt),
    updated_at: date(dyno.updatedAt),
    restarts: dyno.restarts,
    pid: dyno.pid ?? null,
    port: dyno.address?.port ?? dyno.port ?? null,
    reason: ended?.reason ?? null,
    exit_status: ended?.exitStatus ?? null,
    memory: usage?.memory ?? null,
    memory_quota: quota.memory,
    cpu: usage?.cpu ?? null,
    requests: load?.requests ?? null,
    websockets: load?.websockets ?? null,
    next_try_at:
      status.state === 'crashed' && status.nextTryAt !== undefined ? date(status.nextTryAt) : null,
  };
}

export function formationJson(type: string, entry: FormationEntry, command: string, app: App) {
  return {
    id: partId(app.id, `formation ${type}`),
    type,
    quantity: entry.quantity,
    size: entry.size,
    command,
    app: { id: app.id, name: app.name },
    created_at: date(app.createdAt),
    updated_at: date(app.updatedAt),
  };
}

export function releaseJson(release: Release, current: boolean, app: App, account: Account) {
  return {
    id: release.id,
    version: release.version,
    description: release.description,
    status: release.status,
    current,
    user: ownerJson(account),
    app: { id: app.id, name: app.name },
    slug: { id: release.id },
    addon_plan_names: [] as string[],
    eligible_for_rollback: release.status === 'succeeded',
    output_stream_url: null,
    created_at: date(release.createdAt),
    updated_at: date(release.createdAt),
  };
}

export function domainJson(domain: Domain, app: App) {
  return {
    id: domain.id,
    kind: 'custom',
    hostname: domain.hostname,
    cname: `${app.name}.localhost`,
    status: 'succeeded',
    sni_endpoint: null,
    acm_status: null,
    app: { id: app.id, name: app.name },
    created_at: date(domain.createdAt),
    updated_at: date(domain.createdAt),
  };
}

/** A name that the app has by itself (`kind: heroku`). */
export function ownDomainJson(hostname: string, app: App): DomainJson {
  const domain = { id: app.id, hostname, createdAt: app.createdAt };
  return { ...domainJson(domain, app), kind: 'heroku' };
}

export function drainJson(drain: Drain) {
  return {
    id: drain.id,
    url: drain.url,
    token: drain.token,
    addon: null,
    created_at: date(drain.createdAt),
    updated_at: date(drain.createdAt),
  };
}

export function featureJson(name: string, description: string, enabled: boolean, app: App) {
  return {
    id: partId(app.id, `feature ${name}`),
    name,
    description,
    display_name: name,
    doc_url: `https://devcenter.heroku.com/articles/${name}`,
    feedback_email: null,
    state: 'general',
    enabled,
    created_at: date(app.createdAt),
    updated_at: date(app.updatedAt),
  };
}

function ownerJson({ email }: Account) {
  return { id: accountJson({ email }).id, email };
}

function date(ms: number): string {
  return new Date(ms).toISOString();
}
