import { act } from '../../../cli/addons/client.js';
import { confirmWith } from '../../../cli/addons/confirm.js';
import { CONFIRM_FLAG, databaseOf } from '../../../cli/addons/databases.js';
import { DATABASE_BEHIND, type Snapshot } from '../../../cli/addons/snapshots.js';
import { AppCommand } from '../../../cli/app-command.js';
import { Args } from '../../../cli/command.js';

export default class PgSnapshotsDestroy extends AppCommand {
  static override description = 'Delete a snapshot';
  static override examples = ['paas pg:snapshots:destroy s001 --confirm shop'];
  static override args = {
    name: Args.string({ description: 'The snapshot', required: true }),
    database: DATABASE_BEHIND,
  };
  static override flags = { confirm: CONFIRM_FLAG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgSnapshotsDestroy);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    await confirmWith(
      app.name,
      flags.confirm,
      `This deletes ${args.name} of ${addon.name} for good.`,
    );
    const gone = await act<Snapshot>(app, addon, 'snapshots:destroy', { snapshot: args.name });
    this.report(`Deleting ${gone.name} of ${addon.name}... done`, gone);
  }
}
