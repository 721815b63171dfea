import { act } from '../../cli/addons/client.js';
import { type Job, schedulerOf } from '../../cli/addons/jobs.js';
import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';

export default class SchedulerRemove extends AppCommand {
  static override description = 'Run a job no longer; a run that has begun goes on';
  static override examples = ['paas scheduler:remove 1f0c9a2b'];
  static override args = {
    job: Args.string({ description: 'Id of the job, or its command', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SchedulerRemove);
    const app = await this.connect(flags);
    const job = await act<Job>(app, await schedulerOf(app), 'remove', { job: args.job });
    this.report(`Removing ${job.command} from the scheduler of ${app.name}... done`, job);
  }
}
