import { AppCommand } from '../cli/app-command.js';
import { Flags } from '../cli/command.js';
import { inWords, pathOf, selectDynos } from '../cli/dyno-selection.js';
import { UsageError } from '../cli/failure.js';

export default class Stop extends AppCommand {
  static override description = `Stop dynos, which stay stopped until they are restarted or scaled
The app itself ends with Ctrl-C where it runs.`;
  static override examples = ['paas stop web.1', 'paas stop worker'];
  static override usage = 'stop (TYPE | DYNO)...';
  static override aliases = ['ps:stop'];
  static override strict = false;
  static override flags = {
    'dyno-name': Flags.string({ char: 'd', description: 'This dyno', helpValue: 'DYNO' }),
    'process-type': Flags.string({
      char: 'p',
      description: 'All dynos of this type',
      helpValue: 'TYPE',
    }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Stop);
    const named = [flags['dyno-name'], flags['process-type']].filter((word) => word !== undefined);
    const words = [...(argv as string[]), ...named];
    if (words.length === 0) {
      throw new UsageError(
        'Say what to stop: a dyno (`paas stop web.1`) or a type (`paas stop web`).',
      );
    }
    const { api, path, name } = await this.connect(flags);
    for (const selection of selectDynos(words)) {
      await api.request('POST', `${path}${pathOf(selection)}/actions/stop`);
      this.say(`Stopping ${inWords(selection)} on ${name}... done`);
    }
    this.show({ app: name }, () => undefined);
  }
}
