import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { type ConfigVars, shellQuote } from '../../cli/config-vars.js';
import { UsageError } from '../../cli/failure.js';

export default class ConfigGet extends AppCommand {
  static override description = `Print the value of a config var
A key that is not set prints an empty line.`;
  static override examples = ['paas config:get DATABASE_URL', 'paas config get A B -s'];
  static override usage = 'config get KEY...';
  static override strict = false;
  static override flags = {
    shell: Flags.boolean({ char: 's', description: 'Print KEY=value for a shell' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ConfigGet);
    const keys = argv as string[];
    if (keys.length === 0) throw new UsageError('Say which key: `paas config:get KEY`.');
    const { api, path } = await this.connect(flags);
    const config = await api.request<ConfigVars>('GET', `${path}/config-vars`);
    const line = (key: string) =>
      flags.shell ? `${key}=${shellQuote(config[key] ?? '')}` : (config[key] ?? '');
    const picked = Object.fromEntries(keys.map((key) => [key, config[key] ?? null]));
    this.show(picked, () => keys.map(line).join('\n'));
  }
}
