/** The formation: how many dynos of each type. */
import { PlatformError } from '../../errors.js';
import { type FormationUpdate, unknownType } from '../../platform/formation.js';
import { type AppState, runningRelease } from '../../platform/state.js';
import { scale } from '../../platform/verbs.js';
import { type Answer, type Call, ok } from '../exchange.js';
import { type FormationJson, formationJson } from '../representations.js';

export function list(call: Call): Answer {
  return ok(rows(call.context.platform.find(call.param('app'))));
}

export function info(call: Call): Answer {
  return ok(row(call.context.platform.find(call.param('app')), call.param('type')));
}

/** `{updates: [{type, quantity: 2 | "2" | "+1", size}]}`, as Heroku's CLI sends it. */
export async function batchUpdate(call: Call): Promise<Answer> {
  const { updates } = await call.body();
  if (!Array.isArray(updates)) {
    throw new PlatformError(
      'invalid_params',
      '"updates" must be a list of {type, quantity, size}.',
    );
  }
  return change(call, updates.map(parseUpdate));
}

export async function update(call: Call): Promise<Answer> {
  const type = call.param('type');
  await change(call, [parseUpdate({ ...(await call.body()), type })]);
  return ok(row(call.context.platform.find(call.param('app')), type));
}

async function change(call: Call, updates: FormationUpdate[]): Promise<Answer> {
  const { platform } = call.context;
  await scale(platform, call.param('app'), updates);
  return ok(rows(platform.find(call.param('app'))));
}

function parseUpdate(row: unknown): FormationUpdate {
  const { type, quantity, size } = (row ?? {}) as Record<string, unknown>;
  if (typeof type !== 'string')
    throw new PlatformError('invalid_params', 'Each update needs a "type".');
  if (quantity !== undefined && typeof quantity !== 'number' && typeof quantity !== 'string') {
    throw new PlatformError(
      'invalid_params',
      `The quantity of ${type} must be a number, or "+1", "-1".`,
    );
  }
  if (size !== undefined && size !== null && typeof size !== 'string') {
    throw new PlatformError(
      'invalid_params',
      `The size of ${type} must be a name, such as Standard-1X.`,
    );
  }
  return {
    type,
    ...(quantity === undefined ? {} : { quantity }),
    ...(typeof size === 'string' ? { size } : {}),
  };
}

function rows(state: AppState): FormationJson[] {
  const types = runningRelease(state)?.processTypes ?? {};
  return Object.entries(state.formation).map(([type, entry]) =>
    formationJson(type, entry, types[type] ?? '', state.app),
  );
}

function row(state: AppState, type: string): FormationJson {
  const found = rows(state).find((candidate) => candidate.type === type);
  if (!found) throw unknownType(type, Object.keys(state.formation));
  return found;
}
