/** SQL on the command line: by `psql` where there is one, else by the platform itself. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isSystemError } from '../../runtime/errors.js';
import { columns } from '../table.js';

/** What came of one statement. */
export interface StatementResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * Runs psql on the user's own terminal.
 * @param prompt what it shows: `shop::DATABASE`
 * @returns its exit status; undefined when there is no psql on this machine
 */
export function runPsql(
  address: URL,
  prompt: string,
  words: readonly string[],
): Promise<number | undefined> {
  const environment = {
    ...process.env,
    PGHOST: address.hostname,
    PGPORT: address.port,
    PGUSER: decodeURIComponent(address.username),
    // Not among the words: those are shown by every list of processes.
    PGPASSWORD: decodeURIComponent(address.password),
    PGDATABASE: address.pathname.slice(1),
    PGAPPNAME: 'psql by paas',
    PGSSLMODE: 'prefer',
  };
  const prompts = ['--set', `PROMPT1=${prompt}%R%# `, '--set', `PROMPT2=${prompt}%R%# `];
  const child = spawn('psql', [...prompts, ...words], { env: environment, stdio: 'inherit' });
  // Ctrl-C ends the query, not the client.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (isSystemError(error, 'ENOENT')) resolve(undefined);
      else reject(error);
    });
    child.once('close', (status) => {
      process.off('SIGINT', ignore);
      resolve(status ?? 1);
    });
  });
}

/**
 * Reads statements from the terminal, each up to its semicolon, until `\\q` or the end.
 * @param ask runs some of them @param prompt `shop::DATABASE`
 */
export async function sqlShell(
  ask: (sql: string) => Promise<readonly StatementResult[]>,
  prompt: string,
): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let text = '';
  const wait = () => {
    lines.setPrompt(`${prompt}${text === '' ? '=' : '-'}> `);
    lines.prompt();
  };
  wait();
  for await (const line of lines) {
    if (text === '' && /^\s*(\\q|quit|exit)\s*;?$/.test(line)) break;
    text = text === '' ? line.trim() : `${text}\n${line}`;
    if (/;\s*$/.test(text)) {
      await ask(text).then(
        (results) => process.stdout.write(`${results.map(renderResult).join('\n')}\n`),
        (error: Error) => process.stderr.write(`${error.message}\n`),
      );
      text = '';
    }
    wait();
  }
  lines.close();
}

/** A result as psql would print it, more or less. Pure. */
export function renderResult({
  command,
  rowCount,
  columns: titles,
  rows,
}: StatementResult): string {
  if (titles.length === 0) return rowCount === null ? command : `${command} ${rowCount}`;
  const cells = rows.map((row) => row.map((value) => value ?? ''));
  const count = rows.length === 1 ? '(1 row)' : `(${rows.length} rows)`;
  return `${columns([titles, ...cells], Number.POSITIVE_INFINITY)}\n${count}`;
}
