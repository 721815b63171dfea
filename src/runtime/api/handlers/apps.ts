/** Apps and the account. */
import { PlatformError } from '../../errors.js';
import { type AppState, runningRelease } from '../../platform/state.js';
import { setMaintenance } from '../../platform/verbs.js';
import type { ApiContext } from '../context.js';
import { type Answer, type Call, ok } from '../exchange.js';
import { accountJson, appJson } from '../representations.js';

export function account(call: Call): Answer {
  return ok(accountJson(call.context.account));
}

export function list(call: Call): Answer {
  return ok(call.context.platform.list().map((state) => represent(call.context, state)));
}

export function info(call: Call): Answer {
  return ok(represent(call.context, call.context.platform.find(call.param('app'))));
}

/** Maintenance is what can be changed of a local app. */
export async function update(call: Call): Promise<Answer> {
  const { maintenance, ...rest } = await call.body();
  const other = Object.keys(rest)[0];
  if (other !== undefined) {
    throw new PlatformError('invalid_params', `"${other}" of a local app can't be changed.`);
  }
  const app = call.param('app');
  if (typeof maintenance !== 'boolean') {
    throw new PlatformError('invalid_params', '"maintenance" must be true or false.');
  }
  return ok(represent(call.context, await setMaintenance(call.context.platform, app, maintenance)));
}

/** What a local app has none of, in a list that Heroku's CLI asks for. */
export function none(call: Call): Answer {
  call.context.platform.find(call.param('app'));
  return ok([]);
}

function represent(context: ApiContext, state: AppState) {
  const release = runningRelease(state);
  return appJson(
    state.app,
    {
      webUrl: context.webUrl(state.app.name),
      directory: state.source.location.directory,
      pid: process.pid,
      ...(release ? { releasedAt: release.createdAt } : {}),
    },
    context.account,
  );
}
