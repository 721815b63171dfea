import { Command } from '../cli/command.js';
import { columns } from '../cli/table.js';
import { listRecords } from '../runtime/registry.js';
import { runtimeFolder } from '../runtime/settings.js';

export default class Apps extends Command {
  static override description = 'List the apps that run on this machine';
  static override examples = ['paas apps', 'paas apps --json'];

  async run(): Promise<void> {
    await this.parse(Apps);
    const records = await listRecords(runtimeFolder(process.env));
    if (records.length === 0) this.say('No apps are running. `paas local start` starts one.');
    const rows = records.map(({ name, url, directory }) => [this.paint.cyan(name), url, directory]);
    this.show(records, () => (rows.length === 0 ? undefined : columns(rows, this.width)));
  }
}
