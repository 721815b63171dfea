import { AppCommand } from '../cli/app-command.js';
import { reusable } from '../cli/scaling.js';
import { columns } from '../cli/table.js';
import { since } from '../cli/time.js';
import type {
  AppJson,
  DomainJson,
  DynoJson,
  FormationJson,
} from '../runtime/api/representations.js';

export default class Info extends AppCommand {
  static override description = 'Show the app: where it runs, its names, its dynos';
  static override examples = ['paas info', 'paas info --json -a shop'];
  static override aliases = ['apps:info'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Info);
    const { api, path } = await this.connect(flags);
    const [app, formation, dynos, domains] = await Promise.all([
      api.request<AppJson>('GET', path),
      api.request<FormationJson[]>('GET', `${path}/formation`),
      api.request<DynoJson[]>('GET', `${path}/dynos`),
      api.request<DomainJson[]>('GET', `${path}/domains`),
    ]);
    const up = dynos.filter(({ state }) => state === 'up').length;
    this.show({ ...app, formation, dynos, domains }, () =>
      [
        `=== ${this.paint.bold(app.name)}\n`,
        columns(
          [
            ['Web URL:', app.web_url],
            ['Folder:', app.directory],
            ['Domains:', domains.map(({ hostname }) => hostname).join(', ')],
            ['Formation:', reusable(formation) || 'none'],
            ['Dynos:', `${up} of ${dynos.length} up`],
            ['Maintenance:', app.maintenance ? this.paint.yellow('on') : 'off'],
            ['Released:', since(app.released_at, Date.now())],
            ['Process:', `pid ${app.pid}`],
          ],
          this.width,
        ),
      ].join('\n'),
    );
  }
}
