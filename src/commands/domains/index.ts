import { AppCommand } from '../../cli/app-command.js';
import { columns } from '../../cli/table.js';
import type { DomainJson } from '../../runtime/api/representations.js';

export default class Domains extends AppCommand {
  static override description = 'List the names that the router answers for';
  static override examples = ['paas domains', 'paas domains --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Domains);
    const { api, path, name } = await this.connect(flags);
    const range = 'id ..; max=1000;';
    const domains = await api.request<DomainJson[]>('GET', `${path}/domains`, { range });
    this.show(domains, () => {
      const rows = domains.map(({ hostname, kind }) => [
        hostname,
        kind === 'custom' ? 'custom' : this.paint.dim('its own'),
      ]);
      return `=== ${this.paint.bold(`${name} Domains`)}\n\n${columns(rows, this.width)}`;
    });
  }
}
