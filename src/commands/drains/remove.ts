import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { maskedDrain } from '../../cli/log/drain-list.js';
import type { DrainJson } from '../../runtime/api/representations.js';

export default class DrainsRemove extends AppCommand {
  static override description = 'Forward the log of the app no longer';
  static override examples = ['paas drains:remove d.5f2c8a4e-0b6d-4c5e-9a37-1f2e3d4c5b6a'];
  static override args = {
    drain: Args.string({ description: 'Its URL or its token', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DrainsRemove);
    const { api, path } = await this.connect(flags);
    const drain = maskedDrain(
      await api.request<DrainJson>(
        'DELETE',
        `${path}/log-drains/${encodeURIComponent(args.drain)}`,
      ),
    );
    this.report(`Successfully removed drain ${drain.url}`, drain);
  }
}
