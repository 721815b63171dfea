import { findAddon } from '../../cli/addons/client.js';
import { addonDetails } from '../../cli/addons/list.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { since } from '../../cli/time.js';

export default class AddonsInfo extends AppCommand {
  static override description = 'Show one add-on: its plan, its names, and whether it is up';
  static override examples = ['paas addons:info DATABASE', 'paas addons info redis-curly-12345'];
  static override args = {
    addon: Args.string({ description: 'Name of the add-on or an attachment', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsInfo);
    const addon = await findAddon(await this.connect(flags), args.addon);
    this.show(addon, () => {
      const details = addonDetails(addon, since(addon.created_at, Date.now()), this.width);
      return `=== ${this.paint.bold(addon.name)}\n\n${details}`;
    });
  }
}
