import { AppCommand } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';

export default class CachePurge extends AppCommand {
  static override description =
    'Forget stored responses: all, those of one URL, or those with a tag';
  static override examples = [
    'paas cache:purge',
    'paas cache:purge /products',
    'paas cache purge --tag news',
  ];
  static override args = { url: Args.string({ description: 'A path or a whole URL' }) };
  static override flags = {
    tag: Flags.string({ description: 'Those with this Cache-Tag', helpValue: 'TAG' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CachePurge);
    const { api, path, name } = await this.connect(flags);
    const query = new URLSearchParams();
    if (args.url !== undefined) query.set('url', args.url);
    if (flags.tag !== undefined) query.set('tag', flags.tag);
    const what = query.size === 0 ? '' : `?${query}`;
    const purged = await api.request<{ purged: number }>('DELETE', `${path}/cache${what}`);
    this.report(`Purging the HTTP cache of ${name}... done, ${purged.purged} forgotten`, purged);
  }
}
