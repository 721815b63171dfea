import { Command } from '../../cli/command.js';
import { columns } from '../../cli/table.js';
import { stamp } from '../../cli/time.js';
import { readAuthority } from '../../cli/trust/authority.js';

export default class Certs extends Command {
  static override description = 'Show the local authority whose certificates --https serves';
  static override examples = ['paas certs', 'paas certs --json'];

  async run(): Promise<void> {
    await this.parse(Certs);
    const authority = readAuthority(process.env);
    if (!authority) {
      this.say('There is no local authority yet. `paas local start --https` makes it.');
      this.show(null, () => undefined);
      return;
    }
    this.show(authority, () =>
      columns(
        [
          ['Authority:', authority.subject],
          ['File:', authority.file],
          ['Valid until:', stamp(authority.validUntil)],
          ['SHA-256:', authority.sha256.replaceAll(':', ' ')],
        ],
        this.width,
      ),
    );
    this.say('\n`paas certs:trust` makes this machine and its browsers trust it.');
  }
}
