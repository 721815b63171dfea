import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { act } from '../../../cli/addons/client.js';
import { confirmWith } from '../../../cli/addons/confirm.js';
import { CONFIRM_FLAG, databaseOf } from '../../../cli/addons/databases.js';
import { AppCommand } from '../../../cli/app-command.js';
import { Args } from '../../../cli/command.js';

export default class PgBackupsRestore extends AppCommand {
  static override description = `Replace what a database holds with a backup
The backup is read into a new database first: when that fails, everything stays as it was.`;
  static override examples = [
    'paas pg:backups:restore',
    'paas pg:backups:restore b001 DATABASE --confirm shop',
    'paas pg:backups:restore ./latest.dump',
  ];
  static override args = {
    backup: Args.string({ description: 'b001, or the path of a dump; default: the newest backup' }),
    database: Args.string({ description: 'Add-on, attachment or config var; default: DATABASE' }),
  };
  static override flags = { confirm: CONFIRM_FLAG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgBackupsRestore);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const { backup } = args;
    const isFile = backup !== undefined && existsSync(backup);
    await confirmWith(app.name, flags.confirm, `This replaces all data of ${addon.name}.`);
    const input = backup === undefined ? {} : { backup: isFile ? resolve(backup) : backup };
    const done = await act<{ restored: string }>(app, addon, 'backups:restore', input);
    this.report(`Restoring ${done.restored} to ${addon.name}... done`, done);
  }
}
