import { act } from '../../cli/addons/client.js';
import { addressOf } from '../../cli/addons/databases.js';
import { type Reply, redisShell, renderReply, runRedisCli } from '../../cli/addons/redis-cli.js';
import { storeOf } from '../../cli/addons/stores.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { ExitStatus } from '../../cli/failure.js';

export default class RedisCli extends AppCommand {
  static override description = `Open a shell on a Redis, or run one command
Without redis-cli on this machine it works, too; --json gives the reply.`;
  static override examples = ['paas redis:cli', 'paas redis:cli GET greeting'];
  static override usage = 'redis cli [--store NAME] [COMMAND...]';
  static override strict = false;
  static override flags = {
    store: Flags.string({
      description: 'Add-on, attachment or config var; default: REDIS',
      helpValue: 'NAME',
    }),
    confirm: Flags.string({ hidden: true }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(RedisCli);
    const words = argv as string[];
    const app = await this.connect(flags);
    const addon = await storeOf(app, flags.store);
    const ask = async (command: string[]) =>
      (await act<{ reply: Reply }>(app, addon, 'command', { words: command })).reply;
    if (!flags.json) {
      if (words.length === 0) this.say(`Connecting to ${addon.name}:`);
      const status = await runRedisCli(await addressOf(app, addon), words);
      if (status === 0) return;
      if (status !== undefined) throw new ExitStatus(status);
    }
    if (words.length === 0) return redisShell(ask, `${addon.name}> `);
    const reply = await ask(words);
    this.show(reply, () => renderReply(reply));
  }
}
