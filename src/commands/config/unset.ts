import { AppCommand } from '../../cli/app-command.js';
import { changeConfig } from '../../cli/config-change.js';
import { UsageError } from '../../cli/failure.js';

export default class ConfigUnset extends AppCommand {
  static override description = 'Remove config vars, which makes a release and restarts the dynos';
  static override examples = ['paas config:unset LOG_LEVEL', 'paas config unset A B'];
  static override usage = 'config unset KEY...';
  static override aliases = ['config:remove'];
  static override strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ConfigUnset);
    const keys = argv as string[];
    if (keys.length === 0) throw new UsageError('Say which key: `paas config:unset KEY`.');
    const app = await this.connect(flags);
    const change = await changeConfig(app, Object.fromEntries(keys.map((key) => [key, null])));
    const { changed, version } = change;
    this.report(
      changed.length === 0
        ? `${keys.join(', ')} was not set: nothing was changed on ${app.name}.`
        : `Unsetting ${changed.join(', ')} and restarting ${app.name}... done, v${version}`,
      change,
    );
  }
}
