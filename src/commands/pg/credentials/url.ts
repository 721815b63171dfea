import { addressOf, DATABASE_ARG, databaseOf } from '../../../cli/addons/databases.js';
import { AppCommand } from '../../../cli/app-command.js';
import { columns } from '../../../cli/table.js';

export default class PgCredentialsUrl extends AppCommand {
  static override description = 'Print how to connect to a database, password included';
  static override examples = ['paas pg:credentials:url', 'paas pg:credentials:url --json'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgCredentialsUrl);
    const app = await this.connect(flags);
    const url = await addressOf(app, await databaseOf(app, args.database));
    const name = url.pathname.slice(1);
    const info = `dbname=${name} host=${url.hostname} port=${url.port} user=${url.username} password=${url.password} sslmode=prefer`;
    const data = {
      user: url.username,
      password: url.password,
      host: url.hostname,
      port: Number(url.port),
      database: name,
      url: url.href,
    };
    this.show(data, () =>
      columns(
        [
          ['Connection info string:', `"${info}"`],
          ['Connection URL:', url.href],
        ],
        // To be copied: never broken.
        Number.POSITIVE_INFINITY,
      ),
    );
  }
}
