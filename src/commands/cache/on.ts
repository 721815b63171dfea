import { AppCommand } from '../../cli/app-command.js';
import type { CacheReport } from '../../cli/cache-report.js';
import { switchFeature } from '../../cli/feature-switch.js';

export default class CacheOn extends AppCommand {
  static override description = 'Keep responses that say how long they are fresh';
  static override examples = ['paas cache:on'];

  async run(): Promise<void> {
    const { flags } = await this.parse(CacheOn);
    const app = await this.connect(flags);
    const feature = await switchFeature(app, 'http-cache', true);
    const { enabled } = await app.api.request<CacheReport>('GET', `${app.path}/cache`);
    this.report(`Enabling the HTTP cache of ${app.name}... done`, feature);
    if (!enabled) this.say('This start has --no-cache: it is on from the next one.');
  }
}
