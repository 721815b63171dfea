import { act } from '../../cli/addons/client.js';
import { confirmWith } from '../../cli/addons/confirm.js';
import { addressOf, CONFIRM_FLAG, databaseOf } from '../../cli/addons/databases.js';
import { isUrl, withoutPassword } from '../../cli/addons/target.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { UsageError } from '../../cli/failure.js';

export default class PgCopy extends AppCommand {
  static override description = `Replace what a database holds with what another one holds
Each is an add-on of the app or the URL of any Postgres. An add-on is filled beside what it holds: when
that fails, everything stays as it was.`;
  static override examples = [
    'paas pg:copy DATABASE REPORTS',
    'paas pg:copy postgres://me:secret@db.example.com/shop DATABASE --confirm shop',
  ];
  static override args = {
    source: Args.string({ description: 'Add-on, attachment or URL', required: true }),
    target: Args.string({ description: 'Add-on, attachment or URL', required: true }),
  };
  static override flags = { confirm: CONFIRM_FLAG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgCopy);
    const { source, target } = args;
    if (isUrl(source) && isUrl(target)) {
      throw new UsageError('One of the two must be an add-on of the app.');
    }
    const app = await this.connect(flags);
    const from = isUrl(source) ? undefined : await databaseOf(app, source);
    const to = isUrl(target) ? undefined : await databaseOf(app, target);
    if (from && from.id === to?.id) throw new UsageError('Both are the same database.');
    const [one, other] = [from?.name ?? source, to?.name ?? target].map(withoutPassword);
    await confirmWith(app.name, flags.confirm, `This replaces all data of ${other}.`);
    const done = to
      ? await act(app, to, 'copy:from', { url: from ? (await addressOf(app, from)).href : source })
      : await act(app, from!, 'copy:to', { url: target });
    this.report(`Copying ${one} to ${other}... done`, done);
  }
}
