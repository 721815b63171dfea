import { AppCommand } from '../cli/app-command.js';
import { nowRunning, parseScale, reusable } from '../cli/scaling.js';
import type { FormationJson } from '../runtime/api/representations.js';

export default class Scale extends AppCommand {
  static override description = `Change how many dynos run, or show how many
Without arguments it prints the formation in a form that can be given back.
The quantities are kept for the next start.`;
  static override examples = [
    'paas scale',
    'paas scale web=3 worker+1',
    'paas scale web=2:standard-2x',
  ];
  static override usage = 'scale [TYPE=QUANTITY[:SIZE]...]';
  static override aliases = ['ps:scale'];
  static override strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Scale);
    const updates = parseScale(argv as string[]);
    const { api, path, name } = await this.connect(flags);
    if (updates.length === 0) {
      const formation = await api.request<FormationJson[]>('GET', `${path}/formation`);
      if (formation.length === 0) this.say(`No process types on ${name}: its Procfile names none.`);
      this.show(formation, () => (formation.length === 0 ? undefined : reusable(formation)));
      return;
    }
    const formation = await api.request<FormationJson[]>('PATCH', `${path}/formation`, {
      body: { updates },
    });
    this.report(`Scaling dynos... done, now running ${nowRunning(formation, updates)}`, formation);
  }
}
