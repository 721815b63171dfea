/** The list of commands that `paas` alone prints. Pure. */
import { columns, indent } from './table.js';
import { type Paint, wrap } from './terminal.js';
import { version } from './version.js';

/** What a list needs to know of a command. */
export interface ListedCommand {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly description?: string | undefined;
  readonly hidden: boolean;
}

/** What one wants to do, and the first words of the commands for it. The rest is listed as `More`. */
const GROUPS: readonly (readonly [title: string, topics: readonly string[]])[] = [
  ['Run', ['local', 'run', 'open', 'wait']],
  ['Dynos', ['ps', 'scale', 'restart', 'stop', 'attach']],
  ['Logs', ['logs', 'drains']],
  ['Config and releases', ['config', 'releases', 'rollback']],
  ['Router and cache', ['domains', 'maintenance', 'features', 'cache', 'certs']],
  ['Add-ons', ['addons', 'pg', 'redis', 'scheduler']],
];

/** Everything there is. @param width of the terminal */
export function overview(commands: readonly ListedCommand[], width: number, paint: Paint): string {
  const listed = withoutAliases(commands);
  const grouped = new Set(GROUPS.flatMap(([, topics]) => topics));
  const more = listed.map(topicOf).filter((topic) => !grouped.has(topic));
  const sections = [...GROUPS, ['More', more] as const].map(([title, topics]) => {
    const members = listed.filter((command) => topics.includes(topicOf(command)));
    return members.length > 0 ? section(title, members, width, paint) : '';
  });
  return [
    wrap(`${paint.bold('paas')} ${version}: Heroku's whole platform in this folder\n`, width),
    `${paint.bold('Usage')}\n  paas COMMAND [-a APP] [--json]\n  paas COMMAND --help\n`,
    ...sections.filter((text) => text !== ''),
  ].join('\n');
}

/** The commands inside a topic: `config` holds `config:set`. Empty when there are none. */
export function commandList(
  topic: string,
  commands: readonly ListedCommand[],
  width: number,
  paint: Paint,
): string {
  const inside = withoutAliases(commands).filter(({ id }) => id.startsWith(`${topic}:`));
  return inside.length === 0 ? '' : section('COMMANDS', inside, width, paint);
}

function section(title: string, commands: readonly ListedCommand[], width: number, paint: Paint) {
  const rows = commands.map(({ id, description }) => [
    paint.cyan(id.replaceAll(':', ' ')),
    (description ?? '').split('\n')[0] ?? '',
  ]);
  return `${paint.bold(title)}\n${indent(columns(rows, width - 2), 2)}\n`;
}

/** oclif lists every alias as a command of its own. */
function withoutAliases(commands: readonly ListedCommand[]): ListedCommand[] {
  return commands
    .filter(({ id, aliases, hidden }) => !hidden && !aliases.includes(id))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function topicOf({ id }: ListedCommand): string {
  return id.split(':')[0] ?? id;
}
