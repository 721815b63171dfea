import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { ExitStatus, UsageError } from '../../cli/failure.js';
import { type LocalCommand, runChild } from '../../cli/one-off/child.js';
import { parseEnvironment, shellCommand, splitCommand } from '../../cli/one-off/command-line.js';
import { Lease } from '../../cli/one-off/lease.js';
import { terminalEnvironment, terminalSize } from '../../cli/one-off/terminal.js';
import type { DynoJson } from '../../runtime/api/representations.js';

export default class Run extends AppCommand {
  static override description = `Run a command in a one-off dyno, on this terminal
It has the app's config vars; the name of a process type runs that type's command.
Its exit status is that of the command.`;
  static override examples = [
    'paas run node',
    'paas run -e "DEBUG=1" npm test -- --watch',
    'paas run "ls | wc -l"',
  ];
  static override usage = 'run [-a APP] [-e A=1] COMMAND...';
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
    'exit-code': Flags.boolean({ char: 'x', hidden: true, description: 'Always so here' }),
    tty: Flags.boolean({ hidden: true, allowNo: true, description: 'As our own stdin is' }),
  };

  async run(): Promise<void> {
    const { own, command } = splitCommand(this.argv, VALUED);
    const { flags } = await this.parse(Run, own);
    if (command.length === 0) throw new UsageError('Say what to run: `paas run node`.');
    const { api, path } = await this.connect(flags);
    const terminal = terminalSize(process);
    const dyno = await api.request<DynoJson & { local: LocalCommand }>('POST', `${path}/dynos`, {
      body: {
        command: shellCommand(command),
        attach: true,
        env: { ...terminalEnvironment(process), ...parseEnvironment(flags.env ?? []) },
        ...(terminal ? { terminal } : {}),
        ...(flags.size === undefined ? {} : { size: flags.size }),
      },
    });
    const lease = new Lease(api, `${path}/dynos/${dyno.name}/attach`);
    // Whatever happens to us from here on, the platform ends what we start.
    await lease.held;
    const exitStatus = await runChild(dyno.local, lease.broken, () => lease.abandon());
    await lease.end(exitStatus);
    if (exitStatus !== 0) throw new ExitStatus(exitStatus);
  }
}

/** Flags whose value is the next word. */
const VALUED = new Set(['-a', '--app', '-e', '--env', '-s', '--size']);
