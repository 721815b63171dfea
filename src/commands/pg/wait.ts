import { setTimeout as delay } from 'node:timers/promises';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { PlatformError } from '../../runtime/errors.js';

/** ms between two looks. */
const INTERVAL = 200;

export default class PgWait extends AppCommand {
  static override description = 'Wait until a database is up';
  static override examples = ['paas pg:wait', 'paas pg:wait DATABASE --timeout 10'];
  static override args = { database: DATABASE_ARG };
  static override flags = {
    timeout: Flags.integer({ char: 't', description: 'Seconds at most', default: 60, min: 0 }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgWait);
    const app = await this.connect(flags);
    const deadline = Date.now() + flags.timeout * 1000;
    for (;;) {
      const addon = await databaseOf(app, args.database);
      if (addon.status === 'up') return this.report(`${addon.name} is up`, addon);
      if (Date.now() >= deadline) {
        throw new PlatformError('unavailable', addon.failure ?? `${addon.name} is not up.`);
      }
      await delay(INTERVAL);
    }
  }
}
