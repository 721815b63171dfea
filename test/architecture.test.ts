/** The import rules of the design (ARCHITECTURE.md) and the size of files, as tests that fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const RUNTIME = join(ROOT, 'src', 'runtime');
const CENTRE = ['model', 'errors', 'identity', 'settings'];

/** What each part may import of ours, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  errors: [],
  identity: [],
  settings: ['errors', 'identity'],
  registry: ['errors', 'settings'],
  'router-port': ['errors', 'settings'],
  engine: CENTRE,
  cache: CENTRE,
  logplex: CENTRE,
  store: CENTRE,
  addons: CENTRE,
  router: [...CENTRE, 'cache'],
  platform: [...CENTRE, 'engine/engine', 'store/store', 'addons/provider'],
  api: [...CENTRE, 'platform', 'logplex', 'addons/provider'],
  'api/client': ['errors', 'settings', 'registry'],
};

/** Parts of the runtime that the command line may import, as the design has it. */
const CLI_MAY_IMPORT = ['settings', 'errors', 'registry', 'model', 'api/client'];

/** Read from disk by `paas logs` when no app runs, and for rendering: pure, or files only. */
const CLI_LOG_MAY_IMPORT = ['logplex'];

/**
 * What `paas doctor` looks with: the very parsers and probes of a start, so that it finds what a
 * start would. They change nothing: values or a sentence come out.
 */
const CLI_CHECKS_MAY_IMPORT = [
  'platform/procfile',
  'platform/env-file',
  'platform/app-json',
  'engine/local/limits/delegation',
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = sources(join(ROOT, 'src'));
const imports = files.flatMap(importsOf);

describe('the parts of the runtime', () => {
  const inRuntime = imports.filter(({ from }) => from.startsWith(RUNTIME + sep));

  test.each(Object.keys(MAY_IMPORT))('%s imports only what the design allows', (part) => {
    const wrong = inRuntime
      .filter(({ from }) => partOf(from) === part)
      .filter(({ to }) => !isAllowed(part, to))
      .map(describeImport);
    expect(wrong).toEqual([]);
  });

  test('only the wiring imports everything', () => {
    const parts = new Set(files.filter((file) => file.startsWith(RUNTIME)).map(partOf));
    const wired = [...parts].filter((part) => !(part in MAY_IMPORT));
    expect(wired.sort()).toEqual(['runtime', 'wiring']);
  });
});

describe('the command line', () => {
  test('src/cli imports the client, the registry, errors and settings of the runtime, or types', () => {
    const wrong = imports
      .filter(({ from }) => from.startsWith(join(ROOT, 'src', 'cli')))
      .filter(({ to, typeOnly }) => to.startsWith(RUNTIME + sep) && !typeOnly)
      .filter(({ from, to }) => {
        const more = from.includes(`${sep}cli${sep}log${sep}`)
          ? CLI_LOG_MAY_IMPORT
          : from.includes(`${sep}cli${sep}checks${sep}`)
            ? CLI_CHECKS_MAY_IMPORT
            : [];
        return ![...CLI_MAY_IMPORT, ...more].some((part) => isWithin(to, part));
      })
      .map(describeImport);
    expect(wrong).toEqual([]);
  });

  test('commands import src/cli, and only local start the runtime', () => {
    const wrong = imports
      .filter(({ from }) => from.startsWith(join(ROOT, 'src', 'commands')))
      .filter(({ from }) => !from.endsWith(join('local', 'start.ts')))
      .filter(({ to, typeOnly }) => to.startsWith(RUNTIME + sep) && !typeOnly)
      .filter(({ to }) => !['errors', 'registry', 'settings'].some((part) => isWithin(to, part)))
      .map(describeImport);
    expect(wrong).toEqual([]);
  });
});

describe('the house', () => {
  test('no source, test or bench file has more than 250 lines', () => {
    const all = ['src', 'test', 'bench'].flatMap((folder) => sources(join(ROOT, folder)));
    const long = all
      .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 250)
      .map(({ file, lines }) => `${relative(ROOT, file)}: ${lines}`);
    expect(long).toEqual([]);
  });

  test('no file is called utils, helpers, manager or common', () => {
    const vague = files.filter((file) =>
      /\b(utils?|helpers?|manager|common)\b/.test(relative(ROOT, file)),
    );
    expect(vague).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map(([, type, statically, dynamically]) => ({
    from: file,
    to: resolve(dirname(file), statically ?? dynamically ?? '').replace(/\.js$/, '.ts'),
    typeOnly: type !== undefined,
  }));
}

/** `engine` for src/runtime/engine/local/dyno.ts, `model` for src/runtime/model.ts. */
function partOf(file: string): string {
  const path = relative(RUNTIME, file).split(sep).join('/').replace(/\.ts$/, '');
  return path === 'api/client' ? path : (path.split('/')[0] ?? path);
}

function isAllowed(part: string, to: string): boolean {
  const own = part === 'api/client' ? ['api/client', 'api/representations'] : [part];
  return [...own, ...(MAY_IMPORT[part] ?? [])].some((allowed) => isWithin(to, allowed));
}

function isWithin(file: string, part: string): boolean {
  const path = relative(RUNTIME, file).split(sep).join('/').replace(/\.ts$/, '');
  return path === part || path.startsWith(`${part}/`);
}

function describeImport({ from, to }: Import): string {
  return `${relative(ROOT, from)} imports ${relative(ROOT, to)}`;
}
