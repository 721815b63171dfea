import { act } from '../../cli/addons/client.js';
import { databaseOf } from '../../cli/addons/databases.js';
import { outsideUrl, withoutPassword } from '../../cli/addons/target.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';

export default class PgPush extends AppCommand {
  static override description = `Fill an empty database of the app from any other Postgres
A name means a database that psql would find by it.`;
  static override examples = [
    'paas pg:push mydb DATABASE',
    'paas pg:push postgres://host/db REPORTS',
  ];
  static override args = {
    source: Args.string({ description: 'Name of a local database, or a URL', required: true }),
    target: Args.string({ description: 'Add-on, attachment or config var', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgPush);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.target);
    const url = outsideUrl(args.source, process.env);
    const done = await act(app, addon, 'copy:from', { url, onto: 'empty' });
    this.report(`Pushing ${withoutPassword(args.source)} to ${addon.name}... done`, done);
  }
}
