import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import type { DomainJson } from '../../runtime/api/representations.js';

export default class DomainsRemove extends AppCommand {
  static override description = 'Have the router no longer answer for a name';
  static override examples = ['paas domains:remove api.shop.localhost'];
  static override args = {
    hostname: Args.string({ description: 'The name: api.shop.localhost', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DomainsRemove);
    const { api, path, name } = await this.connect(flags);
    const domain = await api.request<DomainJson>(
      'DELETE',
      `${path}/domains/${encodeURIComponent(args.hostname)}`,
    );
    this.report(`Removing ${domain.hostname} from ${name}... done`, domain);
  }
}
