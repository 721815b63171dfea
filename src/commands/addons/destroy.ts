import { findAddon } from '../../cli/addons/client.js';
import { confirmWith } from '../../cli/addons/confirm.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import type { AddonJson } from '../../runtime/api/addon-representations.js';

export default class AddonsDestroy extends AppCommand {
  static override description = 'Destroy an add-on with everything that it keeps';
  static override examples = [
    'paas addons:destroy REPORTS',
    'paas addons:destroy DATABASE --confirm shop',
  ];
  static override args = {
    addon: Args.string({ description: 'Name of the add-on or an attachment', required: true }),
  };
  static override flags = {
    confirm: Flags.string({
      char: 'c',
      description: 'Name of the app, to be asked nothing',
      helpValue: 'APP',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsDestroy);
    const app = await this.connect(flags);
    const { id, name } = await findAddon(app, args.addon);
    await confirmWith(app.name, flags.confirm, `This destroys ${name} and all its data.`);
    const addon = await app.api.request<AddonJson>('DELETE', `${app.path}/addons/${id}`, {
      body: { force: false },
    });
    this.report(`Destroying ${name} on ${app.name}... done`, addon);
  }
}
