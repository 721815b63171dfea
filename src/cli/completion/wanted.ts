/** What may come next on an unfinished command line. Pure. */
import { type CommandTable, findCommand } from '../lookup.js';

/** As much of oclif's manifest as is needed here. */
export interface Manifest {
  readonly commands: Readonly<Record<string, ManifestCommand>>;
}

interface ManifestCommand {
  readonly description?: string;
  readonly hidden?: boolean;
  readonly aliases?: readonly string[];
  readonly flags: Readonly<Record<string, ManifestFlag>>;
}

interface ManifestFlag {
  readonly name: string;
  readonly char?: string;
  readonly type: 'boolean' | 'option';
  readonly description?: string;
  readonly hidden?: boolean;
  readonly allowNo?: boolean;
  readonly options?: readonly string[];
}

/** A word, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** What only a running app knows. */
export type Fact =
  | 'apps'
  | 'types'
  | 'types='
  | 'dynos'
  | 'keys'
  | 'keys='
  | 'releases'
  | 'features';

export interface Wanted {
  /** What is typed of the word so far. */
  readonly prefix: string;
  /** Put before each fact: `--app=`. */
  readonly lead: string;
  readonly candidates: readonly Candidate[];
  readonly facts: readonly Fact[];
  /** Of `-a`, where it is on the line. */
  readonly app: string | undefined;
}

const FACTS_OF_FLAG: Readonly<Record<string, Fact>> = {
  app: 'apps',
  'process-type': 'types',
  'dyno-name': 'dynos',
  explain: 'keys',
};

const FACTS_OF_COMMAND: Readonly<Record<string, readonly Fact[]>> = {
  ps: ['types', 'dynos'],
  'ps:type': ['types='],
  scale: ['types='],
  restart: ['types', 'dynos'],
  stop: ['types', 'dynos'],
  attach: ['dynos'],
  wait: ['types', 'dynos'],
  'config:get': ['keys'],
  'config:set': ['keys='],
  'config:unset': ['keys'],
  rollback: ['releases'],
  'releases:info': ['releases'],
  'features:enable': ['features'],
  'features:disable': ['features'],
};

/** @param line from `paas` to the cursor; its last word, which may be empty, is the unfinished one */
export function wantedOn(line: string, table: CommandTable, manifest: Manifest): Wanted {
  const [, ...words] = line.trimStart().split(/\s+/);
  const prefix = words.pop() ?? '';
  const found = findCommand(words, table);
  const flags = Object.values(found ? (manifest.commands[found.entry.id]?.flags ?? {}) : {});
  const value = flagBefore(prefix, words.at(-1), flags);
  const nothing = { prefix, lead: '', candidates: [], facts: [], app: appOn(words) };
  if (value) return { ...nothing, ...valuesOf(value.flag, value.lead) };
  if (prefix.startsWith('-')) return { ...nothing, candidates: flagWords(flags) };
  const named = words.filter((word) => !word.startsWith('-')).length > 0;
  const names = nextNames(words, prefix, manifest);
  if (!found) return { ...nothing, candidates: names };
  // Behind a name the rest of a longer one may come, or what the command takes.
  const facts = FACTS_OF_COMMAND[found.entry.id] ?? [];
  return { ...nothing, candidates: named && found.argv.length === 0 ? names : [], facts };
}

/** The flag whose value is being typed: `--format js`, `--format=js`. */
function flagBefore(prefix: string, before: string | undefined, flags: readonly ManifestFlag[]) {
  const inOne = /^(--[\w-]+)=/.exec(prefix);
  const typed = inOne ? inOne[1] : before;
  const flag = flags.find(
    ({ name, char }) => typed === `--${name}` || (char && typed === `-${char}`),
  );
  return flag?.type === 'option' ? { flag, lead: inOne ? inOne[0] : '' } : undefined;
}

function valuesOf({ name, options = [] }: ManifestFlag, lead: string) {
  const fact = FACTS_OF_FLAG[name];
  const candidates = options.map((option) => ({ word: `${lead}${option}`, about: '' }));
  return { lead, candidates, facts: fact ? [fact] : [] };
}

function flagWords(flags: readonly ManifestFlag[]): Candidate[] {
  const shown = flags.filter(({ hidden }) => !hidden);
  return shown.flatMap(({ name, description = '', allowNo }) => [
    { word: `--${name}`, about: description },
    ...(allowNo ? [{ word: `--no-${name}`, about: description }] : []),
  ]);
}

/** The next part of the names of commands; the whole rest of it where a `:` was typed. */
function nextNames(words: readonly string[], prefix: string, manifest: Manifest): Candidate[] {
  const before = words.join(':');
  const parts = new Map<string, string>();
  for (const [id, { description = '', hidden, aliases }] of Object.entries(manifest.commands)) {
    const name =
      before === '' ? id : id.startsWith(`${before}:`) ? id.slice(before.length + 1) : '';
    if (name === '' || hidden || aliases?.includes(id)) continue;
    const part = prefix.includes(':') ? name : (name.split(':')[0] ?? name);
    const about = part === name ? (description.split('\n')[0] ?? '') : '';
    parts.set(part, parts.get(part) || about);
  }
  return [...parts].sort().map(([word, about]) => ({ word, about }));
}

function appOn(words: readonly string[]): string | undefined {
  const [, app] = / (?:-a|--app)[ =](\S+)/.exec(` ${words.join(' ')}`) ?? [];
  return app;
}
