import { act } from '../../cli/addons/client.js';
import { DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import type { StatementResult } from '../../cli/addons/psql.js';
import { asObjects, CHECKS, diagnosisOf, diagnosisText } from '../../cli/addons/reports.js';
import { AppCommand } from '../../cli/app-command.js';

export default class PgDiagnose extends AppCommand {
  static override description = `Look for what slows a database down
Connections, long queries, locks, unused indexes, bloat, sequences that run out.`;
  static override examples = ['paas pg:diagnose', 'paas pg:diagnose --json'];
  static override args = { database: DATABASE_ARG };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgDiagnose);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const sql = CHECKS.map((check) => check.sql).join(';\n');
    const results = await act<StatementResult[]>(app, addon, 'query', { sql });
    const diagnoses = CHECKS.map((check, index) => diagnosisOf(check, results[index]!));
    const order = ['red', 'yellow', 'green'];
    diagnoses.sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
    const data = diagnoses.map(({ title, status, found }) => ({
      name: title,
      status,
      results: asObjects(found),
    }));
    this.show(data, () =>
      diagnoses.map((each) => diagnosisText(each, this.paint, this.width)).join('\n'),
    );
  }
}
