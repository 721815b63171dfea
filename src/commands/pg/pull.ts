import { act } from '../../cli/addons/client.js';
import { databaseOf } from '../../cli/addons/databases.js';
import { outsideUrl, withoutPassword } from '../../cli/addons/target.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';

export default class PgPull extends AppCommand {
  static override description = `Copy a database of the app into a new one of any other Postgres
A name means a database where psql would look for it; it must not be there yet.`;
  static override examples = [
    'paas pg:pull DATABASE mydb',
    'paas pg:pull REPORTS postgres://host/new',
  ];
  static override args = {
    source: Args.string({ description: 'Add-on, attachment or config var', required: true }),
    target: Args.string({ description: 'Name of a new database, or a URL', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgPull);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.source);
    const url = outsideUrl(args.target, process.env);
    const done = await act(app, addon, 'copy:to', { url, target: 'new' });
    this.report(`Pulling ${addon.name} to ${withoutPassword(args.target)}... done`, done);
  }
}
