import { AppCommand } from '../../cli/app-command.js';
import { columns } from '../../cli/table.js';
import type { FeatureJson } from '../../runtime/api/representations.js';

export default class Features extends AppCommand {
  static override description = 'List what can be switched for the app';
  static override examples = ['paas features', 'paas features --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Features);
    const { api, path, name } = await this.connect(flags);
    const features = await api.request<FeatureJson[]>('GET', `${path}/features`);
    this.show(features, () => {
      const rows = features.map((feature) => [
        feature.enabled ? this.paint.green('[+]') : '[ ]',
        feature.name,
        feature.description,
      ]);
      return `=== ${this.paint.bold(`App Features ${name}`)}\n\n${columns(rows, this.width)}`;
    });
  }
}
