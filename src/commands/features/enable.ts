import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { switchFeature } from '../../cli/feature-switch.js';

export default class FeaturesEnable extends AppCommand {
  static override description = 'Switch a feature on';
  static override examples = ['paas features:enable http-session-affinity'];
  static override args = {
    feature: Args.string({ description: 'Its name, as `paas features` lists it', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(FeaturesEnable);
    const app = await this.connect(flags);
    const feature = await switchFeature(app, args.feature, true);
    this.report(`Enabling ${feature.name} for ${app.name}... done`, feature);
  }
}
