/** Checks of an app's folder, with the parsers that a start uses. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError, PlatformError } from '../../runtime/errors.js';
import { parseAppJson } from '../../runtime/platform/app-json.js';
import { parseEnvFile, valuesOf } from '../../runtime/platform/env-file.js';
import { parseProcfile } from '../../runtime/platform/procfile.js';
import { type Finding, fault, good, hint } from './finding.js';

export function procfile(directory: string): Finding {
  return checked('Procfile', () => {
    const text = textOf(directory, 'Procfile');
    if (text === undefined) return withoutProcfile(directory);
    const types = Object.keys(parseProcfile(text, 'Procfile'));
    if (types.length === 0) {
      return fault('Procfile', 'It has no process type. Write one: `web: node server.js`.');
    }
    return types.includes('web')
      ? good('Procfile', types.join(', '))
      : hint(
          'Procfile',
          `${types.join(', ')}; there is no web, so requests are answered with H14.`,
        );
  });
}

export function environmentFile(directory: string): Finding {
  return checked('.env', () => {
    const text = textOf(directory, '.env');
    if (text === undefined) return good('.env', 'none; `paas config:set` makes it');
    return good('.env', counted(Object.keys(valuesOf(parseEnvFile(text, '.env'))).length));
  });
}

/** @param environment that a start would inherit: it may have what app.json requires */
export function appJson(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Finding | undefined {
  return checked('app.json', () => {
    const text = textOf(directory, 'app.json');
    if (text === undefined) return undefined;
    const { required, env } = parseAppJson(text, 'app.json');
    const written = valuesOf(parseEnvFile(textOf(directory, '.env') ?? '', '.env'));
    const missing = required.filter((key) => !(key in { ...environment, ...env, ...written }));
    if (missing.length === 0) return good('app.json', 'can be read');
    const mend = missing.map((key) => `${key}=...`).join(' ');
    return hint(
      'app.json',
      `It requires ${missing.join(', ')}, and nothing sets ${missing.length === 1 ? 'it' : 'them'}. Run \`paas config:set ${mend}\`, or write it into .env.`,
    );
  });
}

export function packageJson(directory: string): Finding | undefined {
  return checked('package.json', () => {
    const text = textOf(directory, 'package.json');
    if (text === undefined) return undefined;
    try {
      JSON.parse(text);
      return good('package.json', 'can be read');
    } catch (error) {
      return fault('package.json', `It is not JSON: ${(error as Error).message}. Mend it.`);
    }
  });
}

export function stateFolder(directory: string): Finding {
  try {
    accessSync(directory, constants.W_OK);
    return good('Folder', directory);
  } catch (error) {
    const gone = isSystemError(error, 'ENOENT');
    return fault(
      'Folder',
      gone
        ? `There is no folder ${directory}. Give the app's with -d.`
        : `${directory} can't be written: what is scaled and released is not kept. Make it yours.`,
    );
  }
}

function withoutProcfile(directory: string): Finding {
  const script = startScript(directory);
  return script
    ? good('Procfile', `none; \`npm start\` (${script}) is web`)
    : fault('Procfile', `There is none in ${directory}. Write one: \`web: node server.js\`.`);
}

function startScript(directory: string): string | undefined {
  try {
    return JSON.parse(textOf(directory, 'package.json') ?? '{}')?.scripts?.start;
  } catch {
    return undefined; // broken, which is another check's finding
  }
}

function textOf(directory: string, name: string): string | undefined {
  try {
    return readFileSync(join(directory, name), 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw new PlatformError(
      'failed',
      `${name} can't be read (${(error as Error).message}). Mend it, or remove it.`,
    );
  }
}

/** The parsers' own sentences name the file, the line and the mend. */
function checked<T extends Finding | undefined>(name: string, check: () => T): T | Finding {
  try {
    return check();
  } catch (error) {
    if (error instanceof PlatformError) return fault(name, error.message);
    throw error;
  }
}

function counted(keys: number): string {
  return keys === 1 ? '1 config var' : `${keys} config vars`;
}
