import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { switchFeature } from '../../cli/feature-switch.js';

export default class FeaturesDisable extends AppCommand {
  static override description = 'Switch a feature off';
  static override examples = ['paas features:disable http-session-affinity'];
  static override args = {
    feature: Args.string({ description: 'Its name, as `paas features` lists it', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(FeaturesDisable);
    const app = await this.connect(flags);
    const feature = await switchFeature(app, args.feature, false);
    this.report(`Disabling ${feature.name} for ${app.name}... done`, feature);
  }
}
