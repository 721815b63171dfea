import { act } from '../../cli/addons/client.js';
import { confirmWith } from '../../cli/addons/confirm.js';
import { CONFIRM_FLAG, DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import { AppCommand } from '../../cli/app-command.js';

export default class PgReset extends AppCommand {
  static override description = 'Drop everything in a database';
  static override examples = ['paas pg:reset', 'paas pg:reset DATABASE --confirm shop'];
  static override args = { database: DATABASE_ARG };
  static override flags = { confirm: CONFIRM_FLAG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgReset);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    await confirmWith(app.name, flags.confirm, `This drops all data of ${addon.name}.`);
    const done = await act(app, addon, 'reset');
    this.report(`Resetting ${addon.name}... done`, done);
  }
}
