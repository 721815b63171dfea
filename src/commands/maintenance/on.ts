import { AppCommand } from '../../cli/app-command.js';
import type { AppJson } from '../../runtime/api/representations.js';

export default class MaintenanceOn extends AppCommand {
  static override description = `Answer every request with the maintenance page (H80)
Dynos go on; the page is MAINTENANCE_PAGE_URL where that is set.`;
  static override examples = ['paas maintenance:on'];

  async run(): Promise<void> {
    const { flags } = await this.parse(MaintenanceOn);
    const { api, path, name } = await this.connect(flags);
    const body = { maintenance: true };
    const app = await api.request<AppJson>('PATCH', path, { body });
    this.report(`Enabling maintenance mode for ${name}... done`, { maintenance: app.maintenance });
  }
}
