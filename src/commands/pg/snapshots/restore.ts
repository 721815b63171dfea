import { act } from '../../../cli/addons/client.js';
import { confirmWith } from '../../../cli/addons/confirm.js';
import { CONFIRM_FLAG, databaseOf } from '../../../cli/addons/databases.js';
import { DATABASE_BEHIND, type Snapshot } from '../../../cli/addons/snapshots.js';
import { AppCommand } from '../../../cli/app-command.js';
import { Args } from '../../../cli/command.js';

export default class PgSnapshotsRestore extends AppCommand {
  static override description = 'Put a database back to what a snapshot holds; the snapshot stays';
  static override examples = [
    'paas pg:snapshots:restore',
    'paas pg:snapshots:restore before_merge --confirm shop',
  ];
  static override args = {
    name: Args.string({ description: 'The snapshot; default: the newest' }),
    database: DATABASE_BEHIND,
  };
  static override flags = { confirm: CONFIRM_FLAG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgSnapshotsRestore);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    await confirmWith(app.name, flags.confirm, `This replaces all data of ${addon.name}.`);
    const input = args.name === undefined ? {} : { snapshot: args.name };
    const done = await act<Snapshot>(app, addon, 'snapshots:restore', input);
    this.report(`Restoring ${done.name} to ${addon.name}... done`, done);
  }
}
