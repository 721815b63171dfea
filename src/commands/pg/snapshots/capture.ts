import { bytes } from '../../../cli/addons/backups.js';
import { act } from '../../../cli/addons/client.js';
import { databaseOf } from '../../../cli/addons/databases.js';
import { DATABASE_BEHIND, type Snapshot } from '../../../cli/addons/snapshots.js';
import { AppCommand } from '../../../cli/app-command.js';
import { Args } from '../../../cli/command.js';

export default class PgSnapshotsCapture extends AppCommand {
  static override description = `Keep what a database holds now, to come back to it
It is a copy on the same server, made in seconds. Connections are ended for it; dynos connect again.`;
  static override examples = [
    'paas pg:snapshots:capture',
    'paas pg:snapshots:capture before_merge',
  ];
  static override args = {
    name: Args.string({ description: 'a-z, 0-9 and _; default: s001, s002 ...' }),
    database: DATABASE_BEHIND,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgSnapshotsCapture);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const input = args.name === undefined ? {} : { snapshot: args.name };
    const { name, size } = await act<Snapshot>(app, addon, 'snapshots:capture', input);
    this.say(`Keeping ${addon.name} as ${name}... done, ${bytes(size)}`);
    this.show({ name, size }, () => name);
  }
}
