import { resolve } from 'node:path';
import { examine } from '../cli/checks/checks.js';
import type { Finding } from '../cli/checks/finding.js';
import { Command, Flags } from '../cli/command.js';
import { ExitStatus } from '../cli/failure.js';
import { columns } from '../cli/table.js';

export default class Doctor extends Command {
  static override description =
    `Look for what keeps an app from running here, and say how to mend it
Exit status 1 when something does.`;
  static override examples = ['paas doctor', 'paas doctor -d ../shop --json'];
  static override flags = {
    dir: Flags.string({ char: 'd', description: "The app's folder", default: '.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const findings = await examine(resolve(flags.dir));
    this.show(findings, () =>
      columns(
        findings.map(({ name, verdict, text }) => [this.sign(verdict), name, text]),
        this.width,
      ),
    );
    if (findings.some(({ verdict }) => verdict === 'fault')) throw new ExitStatus(1);
  }

  private sign(verdict: Finding['verdict']): string {
    if (verdict === 'good') return this.paint.green('good');
    return verdict === 'hint' ? this.paint.yellow('hint') : this.paint.red('fault');
  }
}
