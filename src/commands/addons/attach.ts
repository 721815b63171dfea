import { newestVersion } from '../../cli/addons/client.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import type { AttachmentJson } from '../../runtime/api/addon-representations.js';

export default class AddonsAttach extends AppCommand {
  static override description = 'Give an add-on of the app one more name, and so config vars';
  static override examples = ['paas addons:attach postgresql-curly-12345 --as REPORTS'];
  static override args = {
    addon: Args.string({ description: 'Name of the add-on or an attachment', required: true }),
  };
  static override flags = {
    as: Flags.string({ description: 'The name: REPORTS gives REPORTS_URL' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsAttach);
    const app = await this.connect(flags);
    const body = {
      addon: { name: args.addon },
      app: { name: app.name },
      ...(flags.as === undefined ? {} : { name: flags.as }),
    };
    const attachment = await app.api.request<AttachmentJson>('POST', '/addon-attachments', {
      body,
    });
    const { name, addon } = attachment;
    this.say(`Attaching ${addon.name} as ${name} to ${app.name}... done`);
    this.report(
      `Setting ${name} config vars and restarting ${app.name}... done, v${await newestVersion(app)}`,
      attachment,
    );
  }
}
