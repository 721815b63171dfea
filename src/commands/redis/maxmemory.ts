import { act } from '../../cli/addons/client.js';
import { STORE_ARG, storeOf } from '../../cli/addons/stores.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';

export default class RedisMaxmemory extends AppCommand {
  static override description = 'Say which keys go when the memory of a Redis is full';
  static override examples = ['paas redis:maxmemory --policy allkeys-lru'];
  static override args = { store: STORE_ARG };
  static override flags = {
    policy: Flags.string({
      char: 'p',
      description: 'noeviction, allkeys-lru, volatile-ttl, ...',
      required: true,
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RedisMaxmemory);
    const app = await this.connect(flags);
    const addon = await storeOf(app, args.store);
    const done = await act(app, addon, 'configure', { maxmemoryPolicy: flags.policy });
    this.report(`Maxmemory policy for ${addon.name} set to ${flags.policy}.`, done);
  }
}
