import { AppCommand } from '../../cli/app-command.js';
import { changeConfig } from '../../cli/config-change.js';
import { parseAssignments } from '../../cli/config-vars.js';
import { UsageError } from '../../cli/failure.js';
import { columns } from '../../cli/table.js';

export default class ConfigSet extends AppCommand {
  static override description = `Set config vars, which makes a release and restarts the dynos
The lines of .env are changed in place; comments and order are kept.`;
  static override examples = [
    'paas config:set LOG_LEVEL=debug',
    'paas config set A=1 B="two words"',
  ];
  static override usage = 'config set KEY=VALUE...';
  static override strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ConfigSet);
    const changes = parseAssignments(argv as string[]);
    const keys = Object.keys(changes);
    if (keys.length === 0) throw new UsageError('Say what to set: `paas config:set KEY=value`.');
    const app = await this.connect(flags);
    const { changed, version, config } = await changeConfig(app, changes);
    this.say(
      changed.length === 0
        ? `${keys.join(', ')} had that value already: nothing was changed on ${app.name}.`
        : `Setting ${changed.join(', ')} and restarting ${app.name}... done, v${version}`,
    );
    this.show({ changed, version, config }, () =>
      columns(
        keys.map((key) => [this.paint.green(`${key}:`), config[key] ?? '']),
        Number.POSITIVE_INFINITY,
      ),
    );
  }
}
