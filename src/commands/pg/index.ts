import { act } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf, databasesOf } from '../../cli/addons/databases.js';
import { type InfoLine, infoTable } from '../../cli/addons/info-lines.js';
import { AppCommand } from '../../cli/app-command.js';

export default class Pg extends AppCommand {
  static override description = 'Show the databases of the app: size, tables, connections';
  static override examples = ['paas pg', 'paas pg:info DATABASE'];
  static override aliases = ['pg:info'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Pg);
    const app = await this.connect(flags);
    const databases =
      args.database === undefined ? await databasesOf(app) : [await databaseOf(app, args.database)];
    const shown = await Promise.all(
      databases.map(async (addon) => ({
        addon,
        info: await act<InfoLine[]>(app, addon, 'info'),
      })),
    );
    const data = shown.map(({ addon, info }) => ({
      name: addon.name,
      config_vars: addon.config_vars,
      info: Object.fromEntries(info.map(({ name, values }) => [name, values.join(', ')])),
    }));
    this.show(data, () =>
      shown.length === 0
        ? `${app.name} has no heroku-postgresql databases.`
        : shown
            .map(({ addon, info }) => {
              const title = addon.config_vars.join(', ') || addon.name;
              return `=== ${this.paint.bold(title)}\n\n${infoTable(info, this.width)}`;
            })
            .join('\n\n'),
    );
  }
}
