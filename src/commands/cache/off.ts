import { AppCommand } from '../../cli/app-command.js';
import { switchFeature } from '../../cli/feature-switch.js';

export default class CacheOff extends AppCommand {
  static override description = 'Pass every request to the dynos, and keep nothing';
  static override examples = ['paas cache:off'];

  async run(): Promise<void> {
    const { flags } = await this.parse(CacheOff);
    const app = await this.connect(flags);
    const feature = await switchFeature(app, 'http-cache', false);
    this.report(`Disabling the HTTP cache of ${app.name}... done`, feature);
  }
}
