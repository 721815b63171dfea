import { act } from '../../cli/addons/client.js';
import { type Job, jobTable, schedulerOf } from '../../cli/addons/jobs.js';
import { AppCommand } from '../../cli/app-command.js';

export default class Scheduler extends AppCommand {
  static override description = 'List the jobs of the scheduler, with when each runs next';
  static override examples = ['paas scheduler', 'paas scheduler --json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Scheduler);
    const app = await this.connect(flags);
    const jobs = await act<Job[]>(app, await schedulerOf(app), 'list');
    this.show(jobs, () =>
      jobs.length === 0
        ? `${app.name} has no jobs. Add one with \`paas scheduler:add "COMMAND" --every 10m\`.`
        : jobTable(jobs, this.width),
    );
  }
}
