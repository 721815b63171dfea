/** Heroku Scheduler: commands at their times, each in a one-off dyno `scheduler.1234`. */
import { Cron } from 'croner';
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, RunningAddon, Service } from '../provider.js';
import { findJob, type Job, jobsIn, newJob, patternOf } from './jobs.js';

const SERVICE: Service = {
  name: 'scheduler',
  alsoCalled: [],
  title: 'Heroku Scheduler',
  prefix: 'scheduler',
  plans: [{ name: 'standard', description: 'any number of jobs' }],
  attachment: { first: 'SCHEDULER', further: 'SCHEDULER' },
  perApp: 'one',
};

export const scheduler: AddonProvider = {
  service: SERVICE,
  provision: async () => ({ config: {}, settings: { jobs: [] } }),
  start: async (addon, place) => new Schedule(addon, place),
};

/** The jobs of one app, each with its clock. */
class Schedule implements RunningAddon {
  readonly config = {};
  private readonly clocks = new Map<string, Cron>();
  private jobs: readonly Job[];

  constructor(
    addon: Addon,
    private readonly place: Place,
  ) {
    this.jobs = jobsIn(addon.settings);
    for (const job of this.jobs) this.wind(job);
  }

  status(): 'up' {
    return 'up';
  }

  async act(action: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (action === 'list') return this.jobs.map((job) => this.represent(job));
    if (action === 'add') return this.add(newJob(input));
    if (action === 'remove') return this.remove(findJob(this.jobs, input['job']));
    if (action === 'run') return { dyno: await this.begin(findJob(this.jobs, input['job'])) };
    throw new PlatformError('not_found', `The scheduler has no action ${action}.`);
  }

  async stop(): Promise<void> {
    for (const clock of this.clocks.values()) clock.stop();
  }

  // Private

  private async add(job: Job) {
    await this.keep([...this.jobs, job]);
    this.wind(job);
    return this.represent(job);
  }

  private async remove(job: Job) {
    await this.keep(this.jobs.filter(({ id }) => id !== job.id));
    const shown = this.represent(job);
    this.clocks.get(job.id)?.stop();
    this.clocks.delete(job.id);
    return shown;
  }

  private async keep(jobs: readonly Job[]): Promise<void> {
    await this.place.keep({ jobs });
    this.jobs = jobs;
  }

  private wind(job: Job): void {
    const options = { timezone: 'Etc/UTC', unref: true };
    this.clocks.set(job.id, new Cron(patternOf(job.every), options, () => this.run(job)));
  }

  /** A run that cannot be started is no reason to miss the next one. */
  private async run(job: Job): Promise<void> {
    try {
      await this.begin(job);
    } catch (error) {
      this.place.log(`Can't run ${job.command}: ${(error as Error).message}`);
    }
  }

  private begin(job: Job): Promise<string> {
    return this.place.runOneOff('scheduler', job.command);
  }

  private represent(job: Job) {
    const next = this.clocks.get(job.id)?.nextRun();
    return { ...job, next_run_at: next ? next.toISOString() : null };
  }
}
