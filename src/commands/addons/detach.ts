import { newestVersion } from '../../cli/addons/client.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import type { AttachmentJson } from '../../runtime/api/addon-representations.js';

export default class AddonsDetach extends AppCommand {
  static override description = 'Take a name of an add-on away; the add-on and its data stay';
  static override examples = ['paas addons:detach REPORTS'];
  static override args = {
    attachment: Args.string({ description: 'Name of the attachment', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsDetach);
    const app = await this.connect(flags);
    const found = await app.api.request<AttachmentJson>(
      'GET',
      `${app.path}/addon-attachments/${encodeURIComponent(args.attachment)}`,
    );
    await app.api.request('DELETE', `/addon-attachments/${found.id}`);
    const { name, addon } = found;
    this.say(`Detaching ${name} to ${addon.name} from ${app.name}... done`);
    this.report(
      `Unsetting ${name} config vars and restarting ${app.name}... done, v${await newestVersion(app)}`,
      found,
    );
  }
}
