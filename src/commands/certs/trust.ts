import { Command, Flags } from '../../cli/command.js';
import { shellQuote } from '../../cli/config-vars.js';
import { UsageError } from '../../cli/failure.js';
import { readAuthority } from '../../cli/trust/authority.js';
import { thisMachine } from '../../cli/trust/machine.js';
import { perform } from '../../cli/trust/perform.js';
import { SYSTEMS, type TrustStep, trustSteps } from '../../cli/trust/steps.js';
import { PlatformError } from '../../runtime/errors.js';

export default class CertsTrust extends Command {
  static override description = `Show what makes this machine trust the local authority, or do it
Browsers then open https://APP.localhost without a warning. Its key stays in your data folder;
whoever has the key could sign for any name, so trust it on machines of your own only.`;
  static override examples = [
    'paas certs:trust',
    'paas certs:trust --yes',
    'paas certs:trust --system windows',
  ];
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'Do it; sudo may ask for your password' }),
    system: Flags.option({
      options: SYSTEMS,
      description: 'Show it for another system, such as the one around a virtual machine',
    })(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(CertsTrust);
    if (flags.yes && flags.system) {
      throw new UsageError('--yes does it on this machine: leave --system out.');
    }
    const authority = readAuthority(process.env);
    if (!authority) {
      throw new PlatformError(
        'not_found',
        'There is no local authority yet. Start an app with `paas local start --https`, which makes it.',
      );
    }
    const steps = trustSteps(thisMachine(flags.system), authority.file);
    if (flags.yes) {
      await perform(steps, (text) => this.say(`Trusting it: ${text}`));
      this.say('Restart browsers that are open.');
      this.show({ ...authority, steps }, () => undefined);
      return;
    }
    this.show({ ...authority, steps }, () => this.explain(steps, authority.file));
    if (!flags.system) this.say('\n`paas certs:trust --yes` runs these.');
  }

  private explain(steps: readonly TrustStep[], file: string): string {
    const single = `curl --cacert ${shellQuote(file)} https://...`;
    const node = `NODE_EXTRA_CA_CERTS=${shellQuote(file)} node ...`;
    const blocks = steps.map((step) => {
      const commands = step.commands.map((words) => words.map(shellQuote).join(' '));
      const get = step.package === undefined ? [] : [`(certutil: ${step.package})`];
      return [this.paint.bold(step.store), ...commands.map((line) => `  ${line}`), ...get].join(
        '\n',
      );
    });
    return [...blocks, `${this.paint.bold('One program only')}\n  ${single}\n  ${node}`].join(
      '\n\n',
    );
  }
}
