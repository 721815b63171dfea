import { act } from '../../cli/addons/client.js';
import { type InfoLine, infoTable } from '../../cli/addons/info-lines.js';
import { STORE_ARG, storeOf } from '../../cli/addons/stores.js';
import { AppCommand } from '../../cli/app-command.js';

export default class Redis extends AppCommand {
  static override description = 'Show a Redis of the app: memory, connections, settings';
  static override examples = ['paas redis', 'paas redis:info REDIS --json'];
  static override aliases = ['redis:info'];
  static override args = { store: STORE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Redis);
    const app = await this.connect(flags);
    const addon = await storeOf(app, args.store);
    const info = await act<InfoLine[]>(app, addon, 'info');
    const facts = Object.fromEntries(info.map(({ name, values }) => [name, values.join(', ')]));
    this.show({ name: addon.name, config_vars: addon.config_vars, info: facts }, () => {
      const title = `${addon.name} (${addon.config_vars.join(', ')})`;
      return `=== ${this.paint.bold(title)}\n\n${infoTable(info, this.width)}`;
    });
  }
}
