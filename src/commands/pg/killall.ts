import { act } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import type { StatementResult } from '../../cli/addons/psql.js';
import { KILL_ALL } from '../../cli/addons/reports.js';
import { AppCommand } from '../../cli/app-command.js';

export default class PgKillall extends AppCommand {
  static override description = 'End all connections to a database';
  static override examples = ['paas pg:killall'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgKillall);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const [found] = await act<[StatementResult]>(app, addon, 'query', { sql: KILL_ALL });
    const ended = Number(found.rows[0]?.[0] ?? 0);
    this.report(`Ending all connections to ${addon.name}... done, ${ended}`, { ended });
  }
}
