import { AppCommand } from '../cli/app-command.js';
import { Flags } from '../cli/command.js';
import { inWords, pathOf, selectDynos, typeOf } from '../cli/dyno-selection.js';
import { lackingIn, waitUntil } from '../cli/waiting.js';

export default class Restart extends AppCommand {
  static override description = `Restart dynos with the config that is current now
Crashed ones are started at once. It does not wait until the new ones are up, but --wait does.`;
  static override examples = ['paas restart', 'paas restart web --wait', 'paas restart web.1'];
  static override usage = 'restart [TYPE | DYNO]...';
  static override aliases = ['ps:restart'];
  static override strict = false;
  static override flags = {
    'dyno-name': Flags.string({ char: 'd', description: 'Only this dyno', helpValue: 'DYNO' }),
    'process-type': Flags.string({
      char: 'p',
      description: 'Only dynos of this type',
      helpValue: 'TYPE',
    }),
    wait: Flags.boolean({ description: 'Until the new dynos are up' }),
    timeout: Flags.integer({
      char: 't',
      description: 'With --wait: give up after so many seconds',
      default: 60,
      min: 0,
      helpValue: 'SECONDS',
    }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Restart);
    const named = [flags['dyno-name'], flags['process-type']].filter((word) => word !== undefined);
    const app = await this.connect(flags);
    const selections = selectDynos([...(argv as string[]), ...named]);
    for (const selection of selections) {
      await app.api.request('DELETE', app.path + pathOf(selection));
      this.say(`Restarting ${inWords(selection)} on ${app.name}... done`);
    }
    if (flags.wait) {
      for (const type of new Set(selections.map(typeOf))) {
        await waitUntil(() => lackingIn(app, 'ready', type), flags.timeout);
        this.say(`${type ?? 'the app'} is up`);
      }
    }
    this.show({ app: app.name }, () => undefined);
  }
}
