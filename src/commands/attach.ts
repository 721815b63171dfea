import { AppCommand } from '../cli/app-command.js';
import { attachTerminal } from '../cli/attachment.js';
import { Args } from '../cli/command.js';
import { UsageError } from '../cli/failure.js';

/** The command itself, what is said about Ctrl-], and a line to type on stay on the screen. */
const LINES_ABOVE = 4;

export default class Attach extends AppCommand {
  static override description =
    `Look at the terminal of a dyno and type into it: a debugger, a prompt
Start its type with a terminal: \`paas local start --tty web\`. Ctrl-] leaves, and the dyno goes on.
Several can look at once.`;
  static override examples = ['paas attach web.1', 'paas attach worker -a shop'];
  static override aliases = ['ps:attach'];
  static override args = {
    dyno: Args.string({ description: 'The dyno, or the type of its first one', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Attach);
    const { stdin, stdout } = process;
    const dyno = /\.\d+$/.test(args.dyno) ? args.dyno : `${args.dyno}.1`;
    if (!stdin.isTTY || !stdout.isTTY) {
      throw new UsageError(
        `\`paas attach\` needs a terminal. \`paas logs --tail -d ${dyno}\` shows the output without one.`,
      );
    }
    const { api, path } = await this.connect(flags);
    const terminal = `${path}/dynos/${encodeURIComponent(dyno)}/attach`;
    const { columns, rows } = stdout;
    const recent = Math.max(0, rows - LINES_ABOVE);
    const window = `columns=${columns}&rows=${rows}&recent=${recent}`;
    const connection = await api.connect(`${terminal}?${window}`);
    this.say(`Attached to ${dyno}. Ctrl-] leaves it, and it goes on.`);
    const endedBy = await attachTerminal(connection, () => {
      const body = { columns: stdout.columns, rows: stdout.rows };
      api.request('PATCH', terminal, { body }).catch(() => undefined); // it has ended meanwhile
    });
    this.say(endedBy === 'user' ? `Detached from ${dyno}.` : `${dyno} has ended.`);
  }
}
