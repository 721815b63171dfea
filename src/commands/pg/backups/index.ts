import { type Backup, backupTable } from '../../../cli/addons/backups.js';
import { act } from '../../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../../cli/addons/databases.js';
import { AppCommand } from '../../../cli/app-command.js';

export default class PgBackups extends AppCommand {
  static override description = 'List the backups of a database';
  static override examples = ['paas pg:backups', 'paas pg:backups --json'];
  static override aliases = ['pg:backups:list'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgBackups);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const backups = await act<Backup[]>(app, addon, 'backups:list');
    this.show(backups, () =>
      backups.length === 0
        ? `No backups of ${addon.name}. Make one with \`paas pg:backups:capture\`.`
        : `=== ${this.paint.bold('Backups')}\n\n${backupTable(backups, Date.now(), this.width)}`,
    );
  }
}
