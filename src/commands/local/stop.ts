/** `paas local stop`: ends the platform of an app, wherever it runs. */

import { findApp } from '../../cli/app.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { listRecords } from '../../runtime/registry.js';
import { runtimeFolder } from '../../runtime/settings.js';

/** ms between two looks whether it has ended. */
const INTERVAL = 50;

export default class LocalStop extends AppCommand {
  static override description = `End the platform of an app, its dynos first
The counterpart of \`paas local start --detach\`; it ends one in the foreground too.`;

  static override examples = ['paas local stop', 'paas local stop -a shop --now'];

  static override flags = {
    now: Flags.boolean({ description: 'kill the dynos without grace' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(LocalStop);
    const { name, pid, directory } = await findApp(flags.app);
    process.kill(pid, 'SIGTERM');
    // A second signal means: at once.
    if (flags.now) setTimeout(() => signal(pid, 'SIGTERM'), INTERVAL).unref();
    while (await runs(pid, directory)) {
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
    this.show({ name, stopped: true }, () => `Stopped ${name}.`);
  }
}

async function runs(pid: number, directory: string): Promise<boolean> {
  const records = await listRecords(runtimeFolder(process.env));
  return records.some((record) => record.pid === pid && record.directory === directory);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already, which is what was wanted.
  }
}
