import { AppCommand } from '../cli/app-command.js';
import { Flags } from '../cli/command.js';
import { createFormat, FORMATS } from '../cli/log/format.js';
import { showLogs } from '../cli/log/logs.js';
import { filterFrom } from '../cli/log/request.js';

export default class Logs extends AppCommand {
  static override description = `Show the log of the app
The last lines, and then it ends; --tail goes on. It works when the app does not run, too:
the log is kept in .paas/logs.`;

  static override examples = [
    'paas logs',
    'paas logs --tail -p web',
    'paas logs -n 500 --since 10m --grep "status=5.."',
    'paas logs --grep level=error --json',
  ];

  static override flags = {
    num: Flags.integer({ char: 'n', description: 'how many lines', default: 100, min: 0 }),
    tail: Flags.boolean({ char: 't', description: 'go on with what comes' }),
    'process-type': Flags.string({
      char: 'p',
      aliases: ['ps'],
      description: 'lines of this process type, a list or several times',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'dyno-name': Flags.string({
      char: 'd',
      aliases: ['dyno'],
      description: 'lines of this dyno, a list or several times',
      multiple: true,
      multipleNonGreedy: true,
    }),
    source: Flags.string({
      char: 's',
      description: 'lines of app, heroku or an add-on, a list or several times',
      multiple: true,
      multipleNonGreedy: true,
    }),
    since: Flags.string({ description: 'from then on: 5m, 2h or a date', helpValue: 'TIME' }),
    until: Flags.string({
      description: 'until then: 5m, 2h or a date',
      helpValue: 'TIME',
      exclusive: ['tail'],
    }),
    grep: Flags.string({
      char: 'g',
      description: 'lines with this regular expression, or JSON lines with this field=value',
      helpValue: 'PATTERN',
    }),
    'ignore-case': Flags.boolean({ char: 'i', description: 'upper and lower case are the same' }),
    context: Flags.integer({
      char: 'C',
      description: 'lines around each found one',
      default: 0,
      min: 0,
    }),
    'request-id': Flags.string({ description: 'lines of this request', helpValue: 'ID' }),
    format: Flags.option({ options: FORMATS, description: 'form of the lines' })({
      default: 'heroku',
    }),
    timestamps: Flags.boolean({
      description: 'show the time of each line',
      default: true,
      allowNo: true,
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Logs);
    await showLogs({
      app: flags.app,
      filter: filterFrom(flags, Date.now()),
      lines: flags.num,
      context: flags.context,
      mode: flags.tail ? 'tail' : 'finite',
      gap: flags.json || flags.format === 'json' || flags.format === 'logfmt' ? '' : '--\n',
      format: createFormat(flags.json ? 'json' : flags.format, {
        colour: this.paint.enabled ? 'coloured' : 'plain',
        timestamps: flags.timestamps ? 'shown' : 'hidden',
        screen: process.stdout.isTTY,
        types: [],
        names: [],
      }),
      say: (text) => this.say(text),
    });
  }
}
