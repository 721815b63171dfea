import { AppCommand } from '../../cli/app-command.js';
import { switchFeature } from '../../cli/feature-switch.js';

export default class CacheOn extends AppCommand {
  static override description = 'Keep responses that say how long they are fresh';
  static override examples = ['paas cache:on'];

  async run(): Promise<void> {
    const { flags } = await this.parse(CacheOn);
    const app = await this.connect(flags);
    const feature = await switchFeature(app, 'http-cache', true);
    this.report(`Enabling the HTTP cache of ${app.name}... done`, feature);
  }
}
