import { AppCommand, type RunningApp } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { type ConfigVars, explanation, shellQuote } from '../../cli/config-vars.js';
import { columns } from '../../cli/table.js';

export default class Config extends AppCommand {
  static override description = `Show the config vars of the app
Locally they are the lines of .env, on top of what app.json sets.`;
  static override examples = [
    'paas config',
    'paas config -s > backup.env',
    'paas config --explain PORT',
  ];
  static override flags = {
    json: Flags.boolean({ char: 'j', description: 'Print JSON', helpGroup: 'GLOBAL' }),
    shell: Flags.boolean({ char: 's', description: 'Print KEY=value lines for a shell' }),
    explain: Flags.string({
      description: 'Say where the value of a key comes from, and what it hides',
      helpValue: 'KEY',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Config);
    const app = await this.connect(flags);
    if (flags.explain !== undefined) return this.explain(app, flags.explain);
    const config = await app.api.request<ConfigVars>('GET', `${app.path}/config-vars`);
    const pairs = Object.entries(config).sort(([one], [other]) => (one < other ? -1 : 1));
    this.show(config, () => {
      const lines = pairs.map(([key, value]) => `${key}=${shellQuote(value)}`);
      if (flags.shell) return lines.length === 0 ? undefined : lines.join('\n');
      const rows = pairs.map(([key, value]) => [this.paint.green(`${key}:`), value]);
      const title = `=== ${this.paint.bold(`${app.name} Config Vars`)}`;
      // A value is data: it is never broken, so that it can be copied.
      return `${title}\n\n${columns(rows, Number.POSITIVE_INFINITY)}`.trimEnd();
    });
  }

  private async explain({ api, path }: RunningApp, key: string): Promise<void> {
    const origin = await api.request<Parameters<typeof explanation>[1]>(
      'GET',
      `${path}/config-vars/${encodeURIComponent(key)}/source`,
    );
    this.show(origin, () => explanation(key, origin));
  }
}
