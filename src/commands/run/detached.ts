import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { UsageError } from '../../cli/failure.js';
import { parseEnvironment, shellCommand, splitCommand } from '../../cli/one-off/command-line.js';
import type { DynoJson } from '../../runtime/api/representations.js';

export default class RunDetached extends AppCommand {
  static override description = `Run a command in a one-off dyno, with its output in the log`;
  static override examples = [
    'paas run:detached node import.js',
    'paas run:detached -e "N=5" worker',
  ];
  static override usage = 'run detached [-a APP] [-e A=1] COMMAND...';
  static override passThrough = true;
  static override strict = false;
  static override flags = {
    env: Flags.string({
      char: 'e',
      description: 'Set for this run only: "A=1;B=2"',
      helpValue: 'VARS',
      multiple: true,
      multipleNonGreedy: true,
    }),
    size: Flags.string({ char: 's', description: 'Size of the dyno', helpValue: 'SIZE' }),
    'time-to-live': Flags.integer({
      description: 'Stop it after so many seconds',
      min: 1,
      helpValue: 'SECONDS',
    }),
  };

  async run(): Promise<void> {
    const { own, command } = splitCommand(this.argv, VALUED);
    const { flags } = await this.parse(RunDetached, own);
    if (command.length === 0)
      throw new UsageError('Say what to run: `paas run:detached node x.js`.');
    const { api, path, name } = await this.connect(flags);
    const dyno = await api.request<DynoJson>('POST', `${path}/dynos`, {
      body: {
        command: shellCommand(command),
        attach: false,
        env: parseEnvironment(flags.env ?? []),
        ...(flags.size === undefined ? {} : { size: flags.size }),
        ...(flags['time-to-live'] === undefined ? {} : { time_to_live: flags['time-to-live'] }),
      },
    });
    this.say(`Running ${dyno.command} on ${name}... done, ${dyno.name}`);
    this.say(`Run \`paas logs --dyno-name ${dyno.name}\` to see its output.`);
    this.show(dyno, () => dyno.name);
  }
}

/** Flags whose value is the next word. */
const VALUED = new Set(['-a', '--app', '-e', '--env', '-s', '--size', '--time-to-live']);
