import { bytes } from '../../../cli/addons/backups.js';
import { act } from '../../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../../cli/addons/databases.js';
import type { Snapshot } from '../../../cli/addons/snapshots.js';
import { AppCommand } from '../../../cli/app-command.js';
import { columns } from '../../../cli/table.js';
import { since } from '../../../cli/time.js';

export default class PgSnapshots extends AppCommand {
  static override description = 'List the snapshots of a database';
  static override examples = ['paas pg:snapshots', 'paas pg:snapshots --json'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgSnapshots);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const all = await act<Snapshot[]>(app, addon, 'snapshots:list');
    this.show(all, () => {
      if (all.length === 0) {
        return `No snapshots of ${addon.name}. Make one with \`paas pg:snapshots:capture\`.`;
      }
      const rows = all
        .toReversed()
        .map(({ name, created_at, size }) => [name, since(created_at, Date.now()), bytes(size)]);
      return columns([['Name', 'Made', 'Size'], ...rows], this.width);
    });
  }
}
