import { AppCommand } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import { type ConfigVars, shellQuote } from '../../cli/config-vars.js';
import { note, releaseVersion } from '../../cli/release-list.js';
import { columns } from '../../cli/table.js';
import { since } from '../../cli/time.js';
import type { ReleaseJson } from '../../runtime/api/representations.js';

export default class ReleasesInfo extends AppCommand {
  static override description = 'Show one release with its config vars; the newest by default';
  static override examples = ['paas releases:info', 'paas releases info v3'];
  static override args = { release: Args.string({ description: 'Version: v3' }) };
  static override flags = {
    shell: Flags.boolean({ char: 's', description: 'Print its config vars for a shell' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ReleasesInfo);
    const wanted = args.release === undefined ? undefined : releaseVersion(args.release);
    const { api, path } = await this.connect(flags);
    const range = 'version ..; max=1, order=desc';
    const release = wanted
      ? await api.request<ReleaseJson>('GET', `${path}/releases/${wanted}`)
      : (await api.request<ReleaseJson[]>('GET', `${path}/releases`, { range }))[0]!;
    const config = await api.request<ConfigVars>(
      'GET',
      `${path}/releases/${release.version}/config-vars`,
    );
    const lines = Object.entries(config)
      .map(([key, value]) => `${key}=${shellQuote(value)}`)
      .sort();
    this.show({ ...release, config_vars: config }, () => {
      if (flags.shell) return lines.join('\n');
      const rows = [
        ['By:', release.user.email],
        ['Change:', release.description],
        ['Status:', `${release.status}${note(release, this.paint)}`],
        ['When:', since(release.created_at, Date.now())],
      ];
      const title = this.paint.bold(`Release v${release.version}`);
      const vars =
        lines.length === 0 ? '' : `\n\n=== v${release.version} Config Vars\n\n${lines.join('\n')}`;
      return `=== ${title}\n\n${columns(rows, this.width)}${vars}`;
    });
  }
}
