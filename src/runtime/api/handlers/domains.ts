/** Domains of an app. */
import { addDomain, findDomain, ownHosts, removeDomain } from '../../platform/domains.js';
import { type Answer, type Call, created, ok, stringIn } from '../exchange.js';
import { domainJson, ownDomainJson } from '../representations.js';

export function list(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  const { app } = state;
  const own = ownHosts(state).map((hostname) => ownDomainJson(hostname, app));
  return ok([...own, ...app.domains.map((domain) => domainJson(domain, app))]);
}

export function info(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok(domainJson(findDomain(state, call.param('domain')), state.app));
}

export async function create(call: Call): Promise<Answer> {
  const { platform } = call.context;
  const hostname = stringIn(await call.body(), 'hostname');
  const domain = await addDomain(platform, call.param('app'), hostname);
  return created(domainJson(domain, platform.find(call.param('app')).app));
}

export async function remove(call: Call): Promise<Answer> {
  const { platform } = call.context;
  const domain = await removeDomain(platform, call.param('app'), call.param('domain'));
  return ok(domainJson(domain, platform.find(call.param('app')).app));
}
