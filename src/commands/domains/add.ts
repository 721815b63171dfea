import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import type { DomainJson } from '../../runtime/api/representations.js';

export default class DomainsAdd extends AppCommand {
  static override description = `Have the router answer for another name
Names under .localhost lead to this machine by themselves; others need a line in /etc/hosts.`;
  static override examples = [
    'paas domains:add api.shop.localhost',
    'paas domains add "*.shop.localhost"',
  ];
  static override args = {
    hostname: Args.string({ description: 'The name: api.shop.localhost', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DomainsAdd);
    const { api, path, name } = await this.connect(flags);
    const body = { hostname: args.hostname, sni_endpoint: null };
    const domain = await api.request<DomainJson>('POST', `${path}/domains`, { body });
    this.report(`Adding ${domain.hostname} to ${name}... done`, domain);
  }
}
