import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { releaseList } from '../../cli/release-list.js';
import type { ReleaseJson } from '../../runtime/api/representations.js';

export default class Releases extends AppCommand {
  static override description = 'List the releases of the app, newest first';
  static override examples = ['paas releases', 'paas releases -n 50'];
  static override flags = {
    num: Flags.integer({ char: 'n', description: 'How many', default: 15, min: 1, helpValue: 'N' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Releases);
    const { api, path, name } = await this.connect(flags);
    const releases = await api.request<ReleaseJson[]>('GET', `${path}/releases`, {
      range: `version ..; max=${flags.num}, order=desc`,
    });
    this.show(releases, () => releaseList(name, releases, Date.now(), this.width, this.paint));
  }
}
