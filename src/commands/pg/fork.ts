import { newestVersion } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import type { AddonJson } from '../../runtime/api/addon-representations.js';

export default class PgFork extends AppCommand {
  static override description = `Make a new database that begins with the data of another one
It is a server of its own; the other one goes on working meanwhile. Files are shared where the file
system can do that, else copied: seconds for a gigabyte.`;
  static override examples = ['paas pg:fork', 'paas pg:fork DATABASE --as EXPERIMENT'];
  static override args = { database: DATABASE_ARG };
  static override flags = {
    as: Flags.string({ description: 'Name of the attachment: EXPERIMENT gives EXPERIMENT_URL' }),
    name: Flags.string({ description: 'Name of the add-on', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgFork);
    const app = await this.connect(flags);
    const origin = await databaseOf(app, args.database);
    this.say(`Forking ${origin.name} on ${app.name}... free`);
    const body = {
      plan: { name: origin.plan.name },
      attachment: flags.as === undefined ? {} : { name: flags.as },
      config: { fork: origin.id },
      ...(flags.name === undefined ? {} : { name: flags.name }),
    };
    const addon = await app.api.request<AddonJson>('POST', `${app.path}/addons`, { body });
    const vars = addon.config_vars.join(', ');
    this.say(`Created ${addon.name} as ${vars}`);
    this.say(`Setting ${vars} and restarting ${app.name}... done, v${await newestVersion(app)}`);
    this.show(addon, () => addon.name);
  }
}
