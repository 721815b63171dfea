import { AppCommand } from '../../cli/app-command.js';
import { parseSizes } from '../../cli/scaling.js';
import { columns } from '../../cli/table.js';
import type { FormationJson } from '../../runtime/api/representations.js';

export default class PsType extends AppCommand {
  static override description = 'Show or change the size of dynos';
  static override examples = ['paas ps:type', 'paas ps:type web=standard-2x', 'paas ps:type basic'];
  static override usage = 'ps type [TYPE=SIZE... | SIZE]';
  static override strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(PsType);
    const { api, path } = await this.connect(flags);
    let formation = await api.request<FormationJson[]>('GET', `${path}/formation`);
    if (argv.length > 0) {
      const types = formation.map(({ type }) => type);
      const updates = parseSizes(argv as string[], types);
      formation = await api.request('PATCH', `${path}/formation`, { body: { updates } });
    }
    this.show(formation, () =>
      columns(
        [
          ['type', 'size', 'qty'].map((title) => this.paint.dim(title)),
          ...formation.map(({ type, size, quantity }) => [type, size, String(quantity)]),
        ],
        this.width,
      ),
    );
  }
}
