import { AppCommand } from '../cli/app-command.js';
import { Flags } from '../cli/command.js';
import { inWords, pathOf, selectDynos } from '../cli/dyno-selection.js';

export default class Restart extends AppCommand {
  static override description = `Restart dynos with the config that is current now
Crashed ones are started at once.`;
  static override examples = ['paas restart', 'paas restart web', 'paas restart web.1'];
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
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Restart);
    const named = [flags['dyno-name'], flags['process-type']].filter((word) => word !== undefined);
    const { api, path, name } = await this.connect(flags);
    for (const selection of selectDynos([...(argv as string[]), ...named])) {
      await api.request('DELETE', path + pathOf(selection));
      this.say(`Restarting ${inWords(selection)} on ${name}... done`);
    }
    this.show({ app: name }, () => undefined);
  }
}
