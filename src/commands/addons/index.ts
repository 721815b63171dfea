import { addonTable } from '../../cli/addons/list.js';
import { AppCommand } from '../../cli/app-command.js';
import type { AddonJson } from '../../runtime/api/addon-representations.js';

export default class Addons extends AppCommand {
  static override description = `List the add-ons of the app
They are real servers that run beside the dynos: databases, caches, schedules.`;
  static override examples = ['paas addons', 'paas addons --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Addons);
    const { api, path, name } = await this.connect(flags);
    const addons = await api.request<AddonJson[]>('GET', `${path}/addons`);
    this.show(addons, () =>
      addons.length === 0
        ? `${name} has no add-ons. \`paas addons:services\` lists what there is.`
        : addonTable(addons, this.paint, this.width),
    );
  }
}
