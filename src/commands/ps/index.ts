import { AppCommand, type RunningApp } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import { dynoList } from '../../cli/dyno-list.js';
import { showLive } from '../../cli/live-page.js';
import type { DynoJson } from '../../runtime/api/representations.js';

export default class Ps extends AppCommand {
  static override description = `List the dynos of the app
With what each uses of a processor core and of its memory, since when it is as it is, its
release and port, and the requests that it has open.`;
  static override examples = ['paas ps', 'paas ps web --watch', 'paas ps --json -a shop'];
  static override args = {
    type: Args.string({ description: 'Only this process type, or this dyno' }),
  };
  static override flags = {
    watch: Flags.boolean({
      char: 'w',
      description: 'Draw the list anew in its place every 2 s, until q or Ctrl-C',
      exclusive: ['json'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Ps);
    const app = await this.connect(flags);
    if (flags.watch) return showLive(async () => this.render(app, await dynosOf(app, args.type)));
    const dynos = await dynosOf(app, args.type);
    const called = args.type ? ` called ${args.type}` : '';
    if (dynos.length === 0) this.say(`No dynos${called} on ${app.name}.`);
    this.show(dynos, () => (dynos.length === 0 ? undefined : this.render(app, dynos)));
  }

  private render({ name }: RunningApp, dynos: readonly DynoJson[]): string {
    if (dynos.length === 0) return `No dynos on ${name}.`;
    return dynoList(dynos, Date.now(), this.width, this.paint).trimEnd();
  }
}

/** @param wanted a process type or a dyno's name; undefined: all */
async function dynosOf(
  { api, path }: RunningApp,
  wanted: string | undefined,
): Promise<readonly DynoJson[]> {
  const all = await api.request<DynoJson[]>('GET', `${path}/dynos`);
  return all.filter(({ type, name }) => wanted === undefined || [type, name].includes(wanted));
}
