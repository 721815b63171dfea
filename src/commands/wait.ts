import { setTimeout as sleep } from 'node:timers/promises';
import { AppCommand } from '../cli/app-command.js';
import { Args, Flags } from '../cli/command.js';
import { type Goal, missing } from '../cli/waiting.js';
import type { DynoJson, FormationJson, ReleaseJson } from '../runtime/api/representations.js';
import { PlatformError } from '../runtime/errors.js';

/** ms between two looks. */
const INTERVAL = 100;

export default class Wait extends AppCommand {
  static override description = `Wait until dynos are up, or down; for scripts
It waits for an app that has not been started yet, too. Exit status 1 when the time is over.`;
  static override examples = [
    'paas wait web --ready',
    'paas wait --timeout 30 && npm test',
    'paas wait --down',
  ];
  static override aliases = ['ps:wait'];
  static override args = {
    type: Args.string({ description: 'Process type; default: all of the formation' }),
  };
  static override flags = {
    ready: Flags.boolean({ description: 'Until they are up with the newest release (default)' }),
    down: Flags.boolean({
      description: 'Until none is up, or the app ended',
      exclusive: ['ready'],
    }),
    timeout: Flags.integer({
      char: 't',
      description: 'Give up after so many seconds',
      default: 60,
      min: 0,
      helpValue: 'SECONDS',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Wait);
    const goal: Goal = flags.down ? 'down' : 'ready';
    const end = Date.now() + flags.timeout * 1000;
    for (;;) {
      const lacking = await this.lacking(goal, args.type, flags);
      if (lacking === undefined) break;
      if (Date.now() >= end) {
        throw new PlatformError(
          'unavailable',
          `Waited ${flags.timeout} s in vain (${lacking}). \`paas ps\` and \`paas logs\` say why.`,
        );
      }
      await sleep(Math.min(INTERVAL, Math.max(0, end - Date.now())));
    }
    const what = args.type ?? 'the app';
    this.report(`${what} is ${goal === 'ready' ? 'up' : 'down'}`, { type: args.type, goal });
  }

  /** What is still missing; an app that does not run is down, and not ready yet. */
  private async lacking(
    goal: Goal,
    type: string | undefined,
    flags: { readonly app?: string | undefined },
  ): Promise<string | undefined> {
    try {
      const { api, path } = await this.connect(flags);
      const [formation, dynos, [newest]] = await Promise.all([
        api.request<FormationJson[]>('GET', `${path}/formation`),
        api.request<DynoJson[]>('GET', `${path}/dynos`),
        api.request<ReleaseJson[]>('GET', `${path}/releases`, {
          range: 'version ..; max=1, order=desc',
        }),
      ]);
      refuseUnknown(type, formation);
      return missing(goal, type, formation, dynos, newest?.version ?? 0);
    } catch (error) {
      const absent =
        error instanceof PlatformError && ['not_found', 'unavailable'].includes(error.id);
      if (!absent || error.details.resource === 'type') throw error;
      return goal === 'down' ? undefined : error.message;
    }
  }
}

function refuseUnknown(type: string | undefined, formation: readonly FormationJson[]): void {
  if (type === undefined || formation.some((row) => row.type === type)) return;
  const known = formation.map((row) => row.type).join(', ');
  throw new PlatformError(
    'not_found',
    `There is no process type "${type}" in the Procfile. It names ${known}.`,
    { resource: 'type' },
  );
}
