import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { maskedDrain } from '../../cli/log/drain-list.js';
import type { DrainJson } from '../../runtime/api/representations.js';

export default class DrainsAdd extends AppCommand {
  static override description = `Forward the log of the app
To https:// or http:// as Logplex does, to syslog:// or syslog+tls://, or into a file:///.`;
  static override examples = [
    'paas drains:add https://user:secret@logs.example.com/in',
    'paas drains:add syslog+tls://logs.example.com:6514',
    'paas drains:add file:///tmp/shop.log',
  ];
  static override args = {
    url: Args.string({ description: 'Where to', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DrainsAdd);
    const { api, path } = await this.connect(flags);
    const body = { url: args.url };
    const drain = maskedDrain(await api.request<DrainJson>('POST', `${path}/log-drains`, { body }));
    this.report(`Successfully added drain ${drain.url}`, drain);
  }
}
