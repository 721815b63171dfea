import { readFileSync } from 'node:fs';
import { act } from '../../cli/addons/client.js';
import { addressOf, DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import { renderResult, runPsql, type StatementResult } from '../../cli/addons/psql.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { ExitStatus } from '../../cli/failure.js';
import { PlatformError } from '../../runtime/errors.js';

export default class PgPsql extends AppCommand {
  static override description = `Open a SQL shell on a database, or run some SQL
With -c or -f it works without psql, too; --json gives the rows.`;
  static override examples = [
    'paas pg:psql',
    'paas pg:psql -c "select count(*) from orders"',
    'paas pg:psql REPORTS -f report.sql',
  ];
  static override args = { database: DATABASE_ARG };
  static override flags = {
    command: Flags.string({ char: 'c', description: 'SQL to run', helpValue: 'SQL' }),
    file: Flags.string({ char: 'f', description: 'File with SQL to run', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PgPsql);
    const app = await this.connect(flags);
    const addon = await databaseOf(app, args.database);
    const sql = flags.file === undefined ? flags.command : readText(flags.file);
    if (!flags.json) {
      this.say(`--> Connecting to ${addon.name}`);
      const words = [...option('-c', flags.command), ...option('-f', flags.file)];
      const prompt = `${app.name}::${addon.attachments[0] ?? addon.name}`;
      const status = await runPsql(await addressOf(app, addon), prompt, words);
      if (status === 0) return;
      if (status !== undefined) throw new ExitStatus(status);
    }
    if (sql === undefined) {
      throw new PlatformError(
        'invalid_params',
        'There is no psql on this machine to open a shell with. Install it, or give the SQL with -c.',
      );
    }
    const results = await act<StatementResult[]>(app, addon, 'query', { sql });
    this.show(results.map(asObjects), () => results.map(renderResult).join('\n'));
  }
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

function asObjects({ command, rowCount, columns, rows }: StatementResult) {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((title, index) => [title, row[index] ?? null])),
  );
  return { command, row_count: rowCount, rows: objects };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlatformError('not_found', `Can't read ${file}: ${(error as Error).message}.`);
  }
}
