import { act } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import type { StatementResult } from '../../cli/addons/psql.js';
import { activity, asObjects, reportTable } from '../../cli/addons/reports.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';

export default class PgPs extends AppCommand {
  static override description = 'List the queries that a database works on';
  static override examples = ['paas pg:ps', 'paas pg:ps --verbose'];
  static override args = { database: DATABASE_ARG };
  static override flags = {
    verbose: Flags.boolean({ char: 'v', description: 'Idle connections, too' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgPs);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const sql = activity(flags.verbose);
    const [found] = await act<[StatementResult]>(app, addon, 'query', { sql });
    this.show(asObjects(found), () =>
      found.rows.length === 0
        ? `No query runs on ${addon.name}.`
        : reportTable(found, this.paint, this.width),
    );
  }
}
