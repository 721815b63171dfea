import { act } from '../../cli/addons/client.js';
import { type Job, schedulerOf } from '../../cli/addons/jobs.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import { stamp } from '../../cli/time.js';

export default class SchedulerAdd extends AppCommand {
  static override description = `Run a command again and again, in one-off dynos scheduler.1234
It runs while the app runs; what it prints is in the log.`;
  static override examples = [
    'paas scheduler:add "node report.js" --every 10m',
    'paas scheduler:add "rake clean" --every daily:07:30',
  ];
  static override args = {
    command: Args.string({ description: 'A shell command, quoted', required: true }),
  };
  static override flags = {
    every: Flags.string({
      description: '10m, hourly, hourly:30, daily, daily:07:30 (UTC)',
      default: '10m',
      helpValue: 'WHEN',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SchedulerAdd);
    const app = await this.connect(flags);
    const input = { command: args.command, every: flags.every };
    const job = await act<Job>(app, await schedulerOf(app), 'add', input);
    const next = job.next_run_at === null ? '' : `, next at ${stamp(job.next_run_at)}`;
    this.say(`Adding ${job.command} to the scheduler of ${app.name}... done${next}`);
    this.show(job, () => job.id);
  }
}
