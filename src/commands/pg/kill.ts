import { act } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import type { StatementResult } from '../../cli/addons/psql.js';
import { killOne } from '../../cli/addons/reports.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import { PlatformError } from '../../runtime/errors.js';

export default class PgKill extends AppCommand {
  static override description = 'End a query; with --force its connection';
  static override examples = ['paas pg:kill 31912', 'paas pg:kill 31912 --force'];
  static override args = {
    pid: Args.integer({ description: 'As `paas pg:ps` shows it', required: true, min: 1 }),
    database: DATABASE_ARG,
  };
  static override flags = {
    force: Flags.boolean({ char: 'f', description: 'End the connection' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgKill);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const sql = killOne(args.pid, flags.force ? 'terminate' : 'cancel');
    const [found] = await act<[StatementResult]>(app, addon, 'query', { sql });
    if (found.rows.length === 0) {
      throw new PlatformError(
        'not_found',
        `${addon.name} has no connection ${args.pid}. \`paas pg:ps --verbose\` lists them.`,
      );
    }
    this.report(`Ending ${args.pid} on ${addon.name}... done`, { pid: args.pid });
  }
}
