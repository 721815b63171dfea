/** The environment of a dyno. Pure. */
import type { EngineSettings } from './options.js';
import type { DynoPlan } from './plan.js';

/** Name of the variable that marks every process of one run of the platform. */
export const RUN_MARKER = 'PAAS_RUN';

/** Name of the variable that marks every process of one dyno, those included that left its group. */
export const DYNO_MARKER = 'PAAS_DYNO';

/**
 * What a dyno gets: the inherited environment, under the config vars, under what the platform says.
 * @param port the dyno's own, if it has one
 * @returns names and values for the child
 */
export function dynoEnvironment(
  settings: Pick<EngineSettings, 'environment' | 'color' | 'runId'>,
  plan: Pick<DynoPlan, 'id' | 'name' | 'config' | 'extra'>,
  port: number | undefined,
): Record<string, string> {
  const given = { ...present(settings.environment), ...plan.config, ...plan.extra };
  return {
    // As Heroku's buildpack for Python does: lines show when they are printed, not when 8 KB are full.
    PYTHONUNBUFFERED: '1',
    ...(settings.color ? colours(given) : {}),
    ...given,
    ...(port === undefined ? {} : { PORT: String(port) }),
    DYNO: plan.name,
    PS: plan.name,
    FOREMAN_WORKER_NAME: plan.name,
    [RUN_MARKER]: settings.runId,
    [DYNO_MARKER]: plan.id,
  };
}

/**
 * A command as Heroku's log shows it: with `$PORT` filled in. Other variables are not, since they
 * may be secrets.
 */
export function shownCommand(command: string, port: number): string {
  return command.replace(/\$(?:PORT(?![A-Za-z0-9_])|\{PORT\})/g, String(port));
}

function colours(given: Readonly<Record<string, string>>): Record<string, string> {
  if (given['NO_COLOR'] || given['FORCE_COLOR'] !== undefined) return {};
  return { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' };
}

function present(environment: EngineSettings['environment']): Record<string, string> {
  const pairs = Object.entries(environment).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs) as Record<string, string>;
}
