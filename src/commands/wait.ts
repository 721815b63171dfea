import { AppCommand } from '../cli/app-command.js';
import { Args, Flags } from '../cli/command.js';
import { type Goal, lackingIn, waitUntil } from '../cli/waiting.js';
import { PlatformError } from '../runtime/errors.js';

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
    ready: Flags.boolean({
      description: 'Until they are up, with the newest release and after a restart (default)',
    }),
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
    await waitUntil(() => this.lacking(goal, args.type, flags), flags.timeout);
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
      return await lackingIn(await this.connect(flags), goal, type);
    } catch (error) {
      const absent =
        error instanceof PlatformError && ['not_found', 'unavailable'].includes(error.id);
      if (!absent || error.details.resource === 'type') throw error;
      return goal === 'down' ? undefined : error.message;
    }
  }
}
