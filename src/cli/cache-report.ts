/** What `paas cache` prints. Pure. */
import { columns, roomForLast } from './table.js';
import type { Paint } from './terminal.js';

/** The cache's numbers, as the API gives them. */
export interface CacheReport {
  readonly enabled: boolean;
  readonly hits: number;
  readonly misses: number;
  /** Answers that shared the fetch of another request. */
  readonly collapsed: number;
  /** Stored bodies and headers. */
  readonly bytes: number;
  /** Body bytes that were answered from the store. */
  readonly bytesSaved: number;
  readonly entries: number;
  /** Why a request was not answered from the cache → how often. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly hottest: readonly { readonly path: string; readonly hits: number }[];
  readonly uncacheable: readonly {
    readonly path: string;
    readonly reason: string;
    readonly count: number;
  }[];
}

/** @param width of the terminal */
export function cacheReport(app: string, report: CacheReport, width: number, paint: Paint): string {
  const asked = report.hits + report.misses;
  const share = asked === 0 ? '' : ` (${Math.round((100 * report.hits) / asked)} %)`;
  const shared = report.collapsed === 0 ? '' : `, ${report.collapsed} shared another's fetch`;
  const answers = report.entries === 1 ? 'response' : 'responses';
  const summary = columns(
    [
      ['Enabled:', report.enabled ? paint.green('yes') : paint.yellow('no')],
      ['Hits:', `${report.hits}${share}`],
      ['Misses:', `${report.misses}${shared}`],
      ['Stored:', `${report.entries} ${answers}, ${bytes(report.bytes)}`],
      ['Saved:', bytes(report.bytesSaved)],
    ],
    width,
  );
  const byCount = Object.entries(report.reasons).sort(([, one], [, other]) => other - one);
  const sections: [string, string[][]][] = [
    ['Why not', byCount.map(([reason, count]) => [String(count), reason])],
    ['Hottest', report.hottest.map(({ path, hits }) => [String(hits), path])],
    [
      'Never cacheable',
      report.uncacheable.map(({ path, reason, count }) => [String(count), reason, path]),
    ],
  ];
  const lists = sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => `\n=== ${title}\n\n${withPaths(rows, width)}`);
  return [`=== ${paint.bold(`${app} HTTP Cache`)}\n`, summary, ...lists].join('\n');
}

/** Rows that end in a path, each on one line; `--json` has the paths whole. */
function withPaths(rows: readonly string[][], width: number): string {
  const room = roomForLast(rows, width);
  const cut = rows.map((row) => {
    const path = row.at(-1)!;
    return path.length <= room ? row : [...row.slice(0, -1), `${path.slice(0, room - 1)}…`];
  });
  return columns(cut, width);
}

/** `1.5 MB`, with powers of 1,000. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
