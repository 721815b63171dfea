import { newestVersion } from '../../cli/addons/client.js';
import { withProgress } from '../../cli/addons/progress.js';
import { AppCommand, type RunningApp } from '../../cli/app-command.js';
import { Args, Flags } from '../../cli/command.js';
import type { AddonJson } from '../../runtime/api/addon-representations.js';
import type { ConfigOrigin } from '../../runtime/platform/source.js';

export default class AddonsCreate extends AppCommand {
  static override description = `Create an add-on and attach it to the app
A server is set up and started for this app alone: one of this machine, or where there is none, one
that is fetched. Its address becomes a config var, in a release that restarts the dynos.`;
  static override examples = [
    'paas addons:create heroku-postgresql',
    'paas addons:create postgres:essential-1 --as REPORTS',
    'paas addons create redis',
  ];
  static override args = {
    plan: Args.string({ description: 'SERVICE or SERVICE:PLAN', required: true }),
  };
  static override flags = {
    as: Flags.string({ description: 'Name of the attachment: REPORTS gives REPORTS_URL' }),
    name: Flags.string({ description: 'Name of the add-on', helpValue: 'NAME' }),
    version: Flags.string({ description: 'Major version of the server', helpValue: 'N' }),
    fork: Flags.string({ description: 'A database whose data it begins with', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AddonsCreate);
    const app = await this.connect(flags);
    this.say(`Creating ${args.plan} on ${app.name}... free`);
    const body = {
      plan: { name: args.plan },
      attachment: flags.as === undefined ? {} : { name: flags.as },
      config: {
        ...(flags.version === undefined ? {} : { version: flags.version }),
        ...(flags.fork === undefined ? {} : { fork: flags.fork }),
      },
      ...(flags.name === undefined ? {} : { name: flags.name }),
    };
    const work = app.api.request<AddonJson>('POST', `${app.path}/addons`, { body });
    const addon = await withProgress(app.api, flags.json ? undefined : process.stderr, work);
    if (addon.provision_message !== null) this.say(`${addon.provision_message}.`);
    const vars = addon.config_vars.join(', ');
    this.say(`Created ${addon.name}${vars === '' ? '' : ` as ${vars}`}`);
    const done = `done, v${await newestVersion(app)}`;
    this.say(
      vars === ''
        ? `Attaching ${addon.name} to ${app.name}... ${done}`
        : `Setting ${vars} and restarting ${app.name}... ${done}`,
    );
    for (const key of addon.config_vars) await this.warnIfHidden(app, key);
    this.show(addon, () => addon.name);
  }

  /** An env file that was there before the add-on wins, in silence otherwise. */
  private async warnIfHidden({ api, path }: RunningApp, key: string): Promise<void> {
    const origin = await api.request<ConfigOrigin>('GET', `${path}/config-vars/${key}/source`);
    if (origin.line === undefined) return;
    this.say(
      `Warning: ${key} is set in ${origin.source}, line ${origin.line}, too, and that is what the dynos get. Remove that line to use the add-on.`,
    );
  }
}
