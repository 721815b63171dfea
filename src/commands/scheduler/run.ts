import { act } from '../../cli/addons/client.js';
import { schedulerOf } from '../../cli/addons/jobs.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';

export default class SchedulerRun extends AppCommand {
  static override description = 'Run a job of the scheduler now';
  static override examples = ['paas scheduler:run 1f0c9a2b'];
  static override args = {
    job: Args.string({ description: 'Id of the job, or its command', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SchedulerRun);
    const app = await this.connect(flags);
    const { dyno } = await act<{ dyno: string }>(app, await schedulerOf(app), 'run', {
      job: args.job,
    });
    this.say(`Running it on ${app.name}... done, ${dyno}`);
    this.show({ dyno }, () => dyno);
  }
}
