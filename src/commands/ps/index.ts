import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { dynoList } from '../../cli/dyno-list.js';
import type { DynoJson } from '../../runtime/api/representations.js';

export default class Ps extends AppCommand {
  static override description = 'List the dynos of the app';
  static override examples = ['paas ps', 'paas ps web', 'paas ps --json -a shop'];
  static override args = {
    type: Args.string({ description: 'Only this process type, or this dyno' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Ps);
    const { api, path, name } = await this.connect(flags);
    const all = await api.request<DynoJson[]>('GET', `${path}/dynos`);
    const wanted = args.type;
    const dynos = all.filter(
      (dyno) => wanted === undefined || dyno.type === wanted || dyno.name === wanted,
    );
    if (dynos.length === 0) this.say(`No dynos${wanted ? ` called ${wanted}` : ''} on ${name}.`);
    this.show(dynos, () =>
      dynos.length === 0
        ? undefined
        : dynoList(dynos, Date.now(), this.width, this.paint).trimEnd(),
    );
  }
}
