import { AppCommand } from '../../cli/app-command.js';
import type { AppJson } from '../../runtime/api/representations.js';

export default class MaintenanceOff extends AppCommand {
  static override description = `Let requests through to the dynos again`;
  static override examples = ['paas maintenance:off'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MaintenanceOff);
    const { api, path, name } = await this.connect(flags);
    const body = { maintenance: false };
    const app = await api.request<AppJson>('PATCH', path, { body });
    this.report(`Disabling maintenance mode for ${name}... done`, { maintenance: app.maintenance });
  }
}
