/** Releases and rollback. */
import { findRelease } from '../../platform/releases.js';
import { type AppState, runningRelease } from '../../platform/state.js';
import { rollback } from '../../platform/verbs.js';
import { type Answer, type Call, created, ok, stringIn } from '../exchange.js';
import { parseRange } from '../range.js';
import { releaseJson } from '../representations.js';

export function list(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  const { max, descending } = parseRange(call.request.headers['range']);
  const ordered = descending ? state.releases.toReversed() : state.releases;
  return ok(ordered.slice(0, max).map((release) => represent(call, state, release)));
}

export function info(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok(represent(call, state, findRelease(state.releases, call.param('release'))));
}

export function config(call: Call): Answer {
  const state = call.context.platform.find(call.param('app'));
  return ok(findRelease(state.releases, call.param('release')).config);
}

/** `{release: "<id or version>"}`: a rollback is a new release. */
export async function rollBack(call: Call): Promise<Answer> {
  const wanted = stringIn(await call.body(), 'release');
  const state = await rollback(call.context.platform, call.param('app'), wanted);
  const newest = state.releases.at(-1);
  return created(newest && represent(call, state, newest));
}

function represent(call: Call, state: AppState, release: AppState['releases'][number]) {
  const current = runningRelease(state)?.id === release.id;
  return releaseJson(release, current, state.app, call.context.account);
}
