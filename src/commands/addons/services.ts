import { AppCommand } from '../../cli/app-command.js';
import { columns } from '../../cli/table.js';
import type { ServiceJson } from '../../runtime/api/addon-representations.js';

export default class AddonsServices extends AppCommand {
  static override description = 'List the services that add-ons can be created of';
  static override examples = ['paas addons:services'];

  async run(): Promise<void> {
    const { flags } = await this.parse(AddonsServices);
    const { api } = await this.connect(flags);
    const services = await api.request<ServiceJson[]>('GET', '/addon-services');
    const rows = services.map(({ name, human_name }) => [this.paint.cyan(name), human_name]);
    this.show(services, () => columns(rows, this.width));
  }
}
