import { AppCommand } from '../../cli/app-command.js';
import type { AppJson } from '../../runtime/api/representations.js';

export default class Maintenance extends AppCommand {
  static override description = 'Say whether maintenance mode is on';
  static override examples = ['paas maintenance'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Maintenance);
    const { api, path } = await this.connect(flags);
    const { maintenance } = await api.request<AppJson>('GET', path);
    this.show({ maintenance }, () => (maintenance ? 'on' : 'off'));
  }
}
