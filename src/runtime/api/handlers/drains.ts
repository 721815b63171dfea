/** Log drains of an app. */
import { parseDrainUrl } from '../../logplex/drain/target.js';
import { addDrain, removeDrain } from '../../platform/drains.js';
import { type Answer, type Call, created, ok, stringIn } from '../exchange.js';
import { drainJson } from '../representations.js';

export function list(call: Call): Answer {
  return ok(call.context.platform.find(call.param('app')).app.drains.map(drainJson));
}

export async function create(call: Call): Promise<Answer> {
  const url = stringIn(await call.body(), 'url');
  parseDrainUrl(url); // refuses what no drain can be
  return created(drainJson(await addDrain(call.context.platform, call.param('app'), url)));
}

export async function remove(call: Call): Promise<Answer> {
  const drain = await removeDrain(call.context.platform, call.param('app'), call.param('drain'));
  return ok(drainJson(drain));
}
