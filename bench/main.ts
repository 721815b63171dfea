/** Runs the benchmarks by name, prints their tables, and keeps the numbers beside them as JSON. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { type Bench, type BenchResult, holds } from './bench.js';

/**
 * @param names of the benchmarks to run, one after the other; none: all of them
 * @throws Error for a name that is not there
 */
export async function main(names: readonly string[]): Promise<void> {
  const benches = await loadBenches();
  const strange = names.find((name) => !benches.some((bench) => bench.name === name));
  if (strange !== undefined) {
    const known = benches.map(({ name }) => name).join(', ');
    throw new Error(`There is no benchmark "${strange}". There are: ${known}.`);
  }
  for (const bench of benches) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    const result = await bench.run();
    process.stdout.write(`${render(result)}\n`);
    keep(bench.name, result);
    if (!result.claims.every(holds)) process.exitCode = 1;
  }
}

/** The files of this folder that export a `name` and `run`; the others are what those share. */
async function loadBenches(): Promise<Bench[]> {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.js') && file !== 'main.js' && !file.startsWith('chunk-'))
    .sort();
  const modules = await Promise.all(
    files.map((file): Promise<Partial<Bench>> => import(join(import.meta.dirname, file))),
  );
  return modules.filter(
    (module): module is Bench => typeof module.run === 'function' && module.name !== undefined,
  );
}

/** The result as text: a table, then each claim with its verdict, then how it was measured. */
export function render({ title, columns, rows, claims, notes }: BenchResult): string {
  const table = [
    ['', ...columns],
    ...rows.map(({ name, values }) => [name, ...columns.map((column) => cell(values[column]))]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  const verdicts = claims.map((claim) => {
    const sign = claim.bound === 'at-most' ? '<=' : '>=';
    const verdict = holds(claim) ? 'holds ' : 'FAILS ';
    return `  ${verdict} ${claim.claim}: ${cell(claim.measured)} ${sign} ${cell(claim.limit)}`;
  });
  const remarks = notes.map((note) => `  ${note}`);
  return [`\n${title}`, ...lines, '', ...verdicts, '', ...remarks].join('\n');
}

function cell(value: number | string | undefined): string {
  if (typeof value !== 'number') return value ?? '-';
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toPrecision(3);
}

function keep(name: string, result: BenchResult): void {
  const folder = join(process.cwd(), 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const machine = {
    node: process.version,
    system: `${process.platform} ${release()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  };
  const kept = { at: new Date().toISOString(), machine, ...result };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}
