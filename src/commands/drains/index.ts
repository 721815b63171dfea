import { AppCommand } from '../../cli/app-command.js';
import { drainList, maskedDrain } from '../../cli/log/drain-list.js';
import type { DrainJson } from '../../runtime/api/representations.js';

export default class Drains extends AppCommand {
  static override description = 'List where the log of the app is forwarded to';
  static override examples = ['paas drains', 'paas drains --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Drains);
    const { api, path, name } = await this.connect(flags);
    const drains = await api.request<DrainJson[]>('GET', `${path}/log-drains`);
    if (drains.length === 0)
      this.say(`No drains on ${name}. Add one with \`paas drains:add URL\`.`);
    this.show(drains.map(maskedDrain), () =>
      drains.length === 0 ? undefined : `=== ${this.paint.bold('Drains')}\n\n${drainList(drains)}`,
    );
  }
}
