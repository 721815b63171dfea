import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { act } from '../../cli/addons/client.js';
import { addressOf, DATABASE_ARG, databaseOf } from '../../cli/addons/databases.js';
import { renderResult, runPsql, type StatementResult, sqlShell } from '../../cli/addons/psql.js';
import { asObjects } from '../../cli/addons/reports.js';
import { AppCommand } from '../../cli/app-command.js';
import { Flags } from '../../cli/command.js';
import { ExitStatus } from '../../cli/failure.js';
import { PlatformError } from '../../runtime/errors.js';

export default class PgPsql extends AppCommand {
  static override description = `Open a SQL shell on a database, or run some SQL
Without psql on this machine it works, too, statement by statement; --json gives the rows.`;
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
    const ask = (text: string) => act<StatementResult[]>(app, addon, 'query', { sql: text });
    const prompt = `${app.name}::${addon.attachments[0] ?? addon.name}`;
    if (sql === undefined && !flags.json && process.stdin.isTTY) {
      this.say('There is no psql on this machine: each statement is run by itself. \\q ends.');
      return sqlShell(ask, prompt);
    }
    const results = await ask(sql ?? (await readAll(process.stdin)));
    this.show(results.map(asJson), () => results.map(renderResult).join('\n'));
  }
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

function asJson(result: StatementResult) {
  return { command: result.command, row_count: result.rowCount, rows: asObjects(result) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlatformError('not_found', `Can't read ${file}: ${(error as Error).message}.`);
  }
}
