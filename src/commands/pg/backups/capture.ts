import { type Backup, bytes } from '../../../cli/addons/backups.js';
import { act } from '../../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../../cli/addons/databases.js';
import { AppCommand } from '../../../cli/app-command.js';

export default class PgBackupsCapture extends AppCommand {
  static override description = `Back up a database while it is used
A dump in Postgres' custom format is kept beside the data; it goes when the add-on is destroyed.`;
  static override examples = ['paas pg:backups:capture'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgBackupsCapture);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const backup = await act<Backup>(app, addon, 'backups:capture');
    this.say(`Backing up ${addon.name} to ${backup.name}... done, ${bytes(backup.size)}`);
    this.show(backup, () => backup.name);
  }
}
