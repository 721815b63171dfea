import { copyFileSync, existsSync } from 'node:fs';
import { type Backup, bytes } from '../../../cli/addons/backups.js';
import { act } from '../../../cli/addons/client.js';
import { databaseOf } from '../../../cli/addons/databases.js';
import { AppCommand } from '../../../cli/app-command.js';
import { Args, Flags } from '../../../cli/command.js';
import { PlatformError } from '../../../runtime/errors.js';

export default class PgBackupsDownload extends AppCommand {
  static override description = 'Copy a backup into a file';
  static override examples = [
    'paas pg:backups:download',
    'paas pg:backups:download b001 -o old.dump',
  ];
  static override args = {
    backup: Args.string({ description: 'b001; default: the newest backup' }),
    database: Args.string({ description: 'Add-on, attachment or config var; default: DATABASE' }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', description: 'The file', default: 'latest.dump' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgBackupsDownload);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const input = args.backup === undefined ? {} : { backup: args.backup };
    const backup = await act<Backup>(app, addon, 'backups:download', input);
    if (existsSync(flags.output)) {
      throw new PlatformError(
        'conflict',
        `There is a file ${flags.output} already. Name another one with -o.`,
      );
    }
    copyFileSync(backup.file, flags.output);
    this.report(`Getting ${backup.name}... done, ${bytes(backup.size)} in ${flags.output}`, backup);
  }
}
