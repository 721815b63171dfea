import { AppCommand } from '../../cli/app-command.js';
import { type CacheReport, cacheReport } from '../../cli/cache-report.js';

export default class Cache extends AppCommand {
  static override description = 'Show what the HTTP cache holds, and why it does not hold the rest';
  static override examples = ['paas cache', 'paas cache --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Cache);
    const { api, path, name } = await this.connect(flags);
    const report = await api.request<CacheReport>('GET', `${path}/cache`);
    this.show(report, () => cacheReport(name, report, this.width, this.paint));
  }
}
