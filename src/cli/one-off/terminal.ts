/** What a one-off dyno is told of the terminal: Heroku's TERM, COLUMNS and LINES. Pure. */

/** The parts of `process` that say it. */
interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
}

/** COLUMNS and LINES are there only on a terminal. */
export function terminalEnvironment({ env, stdout }: Host): Record<string, string | number> {
  return {
    ...(env['TERM'] ? { TERM: env['TERM'] } : {}),
    ...(stdout.isTTY && stdout.columns ? { COLUMNS: stdout.columns } : {}),
    ...(stdout.isTTY && stdout.rows ? { LINES: stdout.rows } : {}),
  };
}

/** The size of our terminal, when we read from one and write to one. */
export function terminalSize({
  stdin,
  stdout,
}: Pick<NodeJS.Process, 'stdin' | 'stdout'>): { columns: number; rows: number } | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return { columns: stdout.columns, rows: stdout.rows };
}
