import { act } from '../../cli/addons/client.js';
import { STORE_ARG, storeOf } from '../../cli/addons/stores.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';

export default class RedisTimeout extends AppCommand {
  static override description = 'Say after how long a Redis closes idle connections';
  static override examples = ['paas redis:timeout --seconds 60', 'paas redis:timeout -s 0'];
  static override args = { store: STORE_ARG };
  static override flags = {
    seconds: Flags.integer({
      char: 's',
      description: '0: never',
      helpValue: 'N',
      min: 0,
      required: true,
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RedisTimeout);
    const app = await this.connect(flags);
    const addon = await storeOf(app, args.store);
    const done = await act(app, addon, 'configure', { timeout: flags.seconds });
    this.report(`Timeout for ${addon.name} set to ${flags.seconds} seconds.`, done);
  }
}
