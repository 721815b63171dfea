import { AppCommand } from '../../cli/app-command.js';
import { Args } from '../../cli/command.js';
import { columns } from '../../cli/table.js';
import type { PlanJson } from '../../runtime/api/addon-representations.js';

export default class AddonsPlans extends AppCommand {
  static override description = 'List the plans of a service; the first one is the default';
  static override examples = ['paas addons:plans heroku-postgresql', 'paas addons:plans redis'];
  static override args = {
    service: Args.string({ description: 'Such as heroku-postgresql', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsPlans);
    const { api } = await this.connect(flags);
    const service = encodeURIComponent(args.service);
    const plans = await api.request<PlanJson[]>('GET', `/addon-services/${service}/plans`);
    this.show(plans, () =>
      columns(
        plans.map((plan) => [
          plan.default ? this.paint.dim('default') : '',
          this.paint.cyan(plan.name),
          'free',
          plan.description,
        ]),
        this.width,
      ),
    );
  }
}
