import { act } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import type { StatementResult } from '../../cli/addons/psql.js';
import { asObjects, LOCKS, reportTable } from '../../cli/addons/reports.js';
import { AppCommand } from '../../cli/app-command.js';

export default class PgLocks extends AppCommand {
  static override description = 'List exclusive locks of a database, and who waits for whom';
  static override examples = ['paas pg:locks', 'paas pg:locks --json'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgLocks);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const [found] = await act<[StatementResult]>(app, addon, 'query', { sql: LOCKS });
    this.show(asObjects(found), () =>
      found.rows.length === 0
        ? `Nothing is locked on ${addon.name}.`
        : reportTable(found, this.paint, this.width),
    );
  }
}
